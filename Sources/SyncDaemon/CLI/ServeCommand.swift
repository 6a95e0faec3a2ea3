import ArgumentParser

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the daemon.",
        discussion: """
            HUP reads the configuration again and keeps the old one when the new one is wrong. TERM or INT ends what
            is in flight and stops; a second one stops at once. Logs go to standard error.

            Examples:
              heyi serve
              heyi serve --config heyi.yaml --set log.level=debug
            """)

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let configuration = try options.load()
        let code = try await Daemon.run(configuration, source: options.source)
        if code != 0 { throw ExitCode(code) }
    }
}

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Play a story with simulated channels on a fresh store.",
        discussion: """
            Nothing leaves this machine and nothing is kept unless --directory says where.

            Examples:
              heyi demo
              heyi demo --once --seed 7
            """)

    @Flag(name: .long, help: "End after the story, with exit code 0 when all ended in step.") var once = false
    @Option(name: .long, help: "The same seed plays the same story.") var seed: UInt64 = 1
    @Option(name: .long, help: "Keep the store here.", completion: .directory) var directory: String?

    func run() async throws {
        let code = try await Daemon.demo(once: once, seed: seed, directory: directory)
        if code != 0 { throw ExitCode(code) }
    }
}

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put a verified backup in place of the store; the daemon must be stopped.",
        discussion: """
            The store that was there is kept beside it. The restored one looks at every channel before it pushes.

            Example:
              systemctl stop heyi
              heyi restore /var/lib/heyi/backups/today.sqlite
              systemctl start heyi
            """)

    @OptionGroup var options: ConfigurationOptions
    @Argument(help: "The backup.", completion: .file()) var backup: String
    @Flag(name: .long, help: "Print the outcome as JSON.") var json = false

    func run() async throws {
        let configuration = try options.load()
        let code = try await Daemon.restore(from: backup, into: configuration, json: json)
        if code != 0 { throw ExitCode(code) }
    }
}
