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
        do {
            let configuration = try Configuration.load(options.source)
            channels = configuration.channels.count
            if !noSecrets { problems = secretProblems(configuration) }
        } catch {
            problems = error.problems.map(\.description)
        }
        if json {
            Terminal.print(JSON.object(JSONObject([("ok", .bool(problems.isEmpty)), ("problems", .array(problems.map(JSON.string)))])).text)
        } else {
            for problem in problems { Terminal.say(problem) }
            if problems.isEmpty { Terminal.print("\(options.source.path ?? "built-in defaults"): good, \(channels) channels declared") }
        }
        if !problems.isEmpty { throw ExitStatus.configuration.exit }
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
