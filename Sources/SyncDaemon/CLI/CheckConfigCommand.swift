import ArgumentParser
import ChannelAdapters
import Commerce

struct CheckConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config", abstract: "Read the configuration as the daemon would, and name every problem.",
        discussion: """
            Also reads every secret it names. Exit code 0: good, 78: problems.

            Examples:
              heyi check-config
              heyi check-config --config new.yaml --json
            """)

    @OptionGroup var options: ConfigurationOptions
    @Flag(name: .long, help: "Print the problems as JSON.") var json = false
    @Flag(name: .long, help: "Do not read the secrets.") var noSecrets = false

    func run() throws {
        var problems: [String] = []
        var channels = 0
        var following = ""
        do {
            let configuration = try Configuration.load(options.source)
            channels = configuration.channels.count
            if !configuration.gateways.isEmpty { following = CheckConfigCommand.following(configuration) }
            if !noSecrets { problems = secretProblems(configuration) }
        } catch {
            problems = error.problems.map(\.description)
        }
        if json {
            Terminal.print(JSON.object(JSONObject([("ok", .bool(problems.isEmpty)), ("problems", .array(problems.map(JSON.string)))])).text)
        } else {
            for problem in problems { Terminal.say(problem) }
            if problems.isEmpty { Terminal.print("\(options.source.path ?? "built-in defaults"): good, \(channels) channels declared\(following)") }
        }
        if !problems.isEmpty { throw ExitStatus.configuration.exit }
    }

    /// What accounts at platforms are looked after by.
    static func following(_ configuration: Configuration) -> String {
        let (parcels, bills) = (configuration.parcels, configuration.bills)
        let stalls = parcels.stallsAfter.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key.rawValue) \(DurationText.write($0.value))" }
        return """
            , \(configuration.gateways.count) gateways
            parcels: at \(parcels.services) services, asked after every \(DurationText.write(parcels.askEvery)), after \(DurationText.write(parcels.silence)) of silence, \
            for \(DurationText.write(parcels.longest)) at most; stalled after \(stalls.joined(separator: ", "))
            bills: looked for \(DurationText.write(bills.firstLook)) after a day's end, \(bills.lookBackDays) days back; \
            what they list may be \(DurationText.write(bills.patience)) on its way
            """
    }

    private func secretProblems(_ configuration: Configuration) -> [String] {
        let credentials = options.source.environment["CREDENTIALS_DIRECTORY"]
        return configuration.channels.flatMap { channel in
            let dialect = ChannelProtocol(rawValue: channel.dialect.rawValue) ?? .delta
            return channel.secrets.compactMap { secret -> String? in
                // Only the service itself has its credentials; outside it their absence says nothing.
                if case .credential = secret, credentials == nil { return nil }
                do throws(SecretProblem) {
                    _ = try ChannelSecrets.read([secret], dialect, credentials: credentials)
                    return nil
                } catch {
                    return "channel \(channel.id): secrets: \(error)"
                }
            }
        }
    }
}
