import ArgumentParser
import ChannelAdapters
import Commerce
import Glibc

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Examine everything the daemon depends on, and say what to do.",
        discussion: """
            Asks the running daemon; without one it reads the configuration and the store's files, and changes neither.
            Checks run side by side, each within a time of its own. Those asked for by number get twenty times as long.
            Exit code 0: healthy, or notices only, 1: a warning, 2: a failure.

            Examples:
              heyi doctor
              heyi doctor --check H07,H08
              heyi doctor --offline --json | jq '.checks[] | select(.finding == "failure")'
              heyi doctor --fix-hints
            """)

    @OptionGroup var options: OperatorOptions
    @OptionGroup var files: ConfigurationOptions
    @Option(name: .long, help: "Only these checks, by number: H03 or 3,7,12.") var check: String?
    @Flag(name: .long, help: "List the checks and what each looks at.") var list = false
    @Flag(name: .long, help: "Leave channels and listeners alone; look at this host only.") var offline = false
    @Flag(name: .long, help: "Print only the next commands, the worst finding first.") var fixHints = false

    func validate() throws {
        if let check, HealthCheck.chosen(check) == nil {
            throw ValidationError("--check takes numbers of checks, such as H03,7,12; heyi doctor --list has them; got \(check)")
        }
    }

    func run() async throws {
        if list { return Terminal.print(DoctorScreen.list) }
        let order = DoctorOrder(chosen: check.flatMap(HealthCheck.chosen), isOffline: offline)
        let round = try await DoctorRound(order: order, options: options, source: files.source).run()
        if options.json {
            Terminal.print(round.json.text)
        } else if fixHints {
            let hints = DoctorScreen.hints(round)
            Terminal.print(hints)
            if hints.isEmpty { Terminal.say("nothing to do") }
        } else {
            Terminal.print(DoctorScreen.lines(round, width: Terminal.width))
        }
        let code = round.grade.exitCode
        if code != 0 { throw ExitCode(code) }
    }
}
