import ArgumentParser
import Commerce
import Glibc

struct TopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top", abstract: "Watch the daemon and its channels live.",
        discussion: """
            Keys: s/S sort, / filter, Enter one channel, p pause, ? help, q quit. Rates are those between two readings;
            when the daemon goes away it says so and waits for it. In a pipe it prints one frame, as with --once.
            NO_COLOR switches colours off.

            Examples:
              heyi top
              heyi top --interval 500ms --sort lag
              heyi top --once
              heyi top --json --interval 10s | jq .rates.pushes
            """)

    @Option(name: .long, help: "The daemon's socket. Default: $HEYI_SOCKET, else heyi.sock in $RUNTIME_DIRECTORY or /run/heyi.")
    var socket: String?
    @Option(name: .long, help: "Time between two readings, 100ms to 1h.") var interval = "2s"
    @Option(name: .long, help: "The column to sort by: \(TopColumn.allCases.map(\.rawValue).joined(separator: ", ")).")
    var sort = "channel"
    @Option(name: .long, help: "Only channels whose name holds this.") var filter = ""
    @Flag(name: .long, help: "Print one frame after one interval, and end.") var once = false
    @Flag(name: .long, help: "Print a JSON object on a line for every reading; with --once only one.") var json = false

    func validate() throws {
        guard let every, (.milliseconds(100) ... .seconds(3_600)).contains(every) else {
            throw ValidationError("--interval must be 100ms…1h, got \(interval)")
        }
        guard TopColumn(rawValue: sort) != nil else {
            throw ValidationError("--sort must be one of \(TopColumn.allCases.map(\.rawValue).joined(separator: ", ")), got \(sort)")
        }
    }

    private var every: Duration? { DurationText.read(interval) }

    func run() throws {
        guard let every else { return }
        let client = OperatorOptions.client(socket)
        var view = TopView()
        view.sort = TopColumn(rawValue: sort) ?? .channel
        view.isDownward = view.sort != .channel && view.sort != .state
        view.filter = filter
        if !once, !json, Screen.isPossible {
            let code = TopSession(client, every: every, view: view).run()
            if code != 0 { throw ExitCode(code) }
        } else if json, !once {
            follow(client, every, view)
        } else {
            try frame(client, every, view)
        }
    }

    /// One frame takes two readings, because a single one has no rates.
    private func frame(_ client: SocketClient, _ every: Duration, _ view: TopView) throws {
        try CommandFailure.explained {
            let first = try TopReading(client)
            wait(every)
            let readings = TopReadings(now: try TopReading(client), before: first)
            if json {
                Terminal.print(TopReport.json(readings, view).text)
            } else {
                Terminal.print(TopFrame(readings: readings, view: view, width: Terminal.width, height: 0, every: interval).plain)
            }
        }
    }

    /// Goes on until a signal ends the process; a daemon that is away is said to be, and waited for.
    private func follow(_ client: SocketClient, _ every: Duration, _ view: TopView) -> Never {
        var last: TopReading?
        var isSilent = false
        while true {
            do {
                let now = try TopReading(client)
                Terminal.print(TopReport.json(TopReadings(now: now, before: last), view).text)
                last = now
                isSilent = false
            } catch {
                if !isSilent { Terminal.say("heyi: \(TopWatch.words(error)); trying again") }
                isSilent = true
            }
            wait(every)
        }
    }

    private func wait(_ duration: Duration) { usleep(UInt32(min(duration.milliseconds, 3_600_000)) * 1_000) }
}
