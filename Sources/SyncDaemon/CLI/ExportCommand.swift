import ArgumentParser
import Commerce
import Glibc

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write the master record, or what a channel holds, to a file.",
        discussion: """
            With --channel the values are as that channel stores them. An existing file is never overwritten.

            Examples:
              heyi export --format jsonl --output catalog.jsonl
              heyi export --format shopify --channel web > web.csv
              heyi export --format shopify --locale en --currency USD > us.csv
            """)

    @OptionGroup var options: OperatorOptions
    @Option(help: "shopify, woocommerce, jsonl or csv.") var format = "jsonl"
    @Option(help: "As this channel holds it.") var channel: String?
    @Option(help: "The language of a CSV's texts. Default: catalog.locale of the configuration.") var locale: String?
    @Option(help: "The currency of a CSV's prices. Default: catalog.currency.") var currency: String?
    @Option(name: [.short, .long], help: "A new file; default: standard output.", completion: .file()) var output: String?

    func run() throws {
        var descriptor = STDOUT_FILENO
        if let output {
            descriptor = open(output, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
            guard descriptor >= 0 else {
                Terminal.say("heyi: \(output) cannot be created: \(String(cString: strerror(errno)))")
                throw ExitStatus.cannotCreate.exit
            }
        }
        var bytes: Int64 = 0
        try CommandFailure.explained {
            let query = [("format", format), ("channel", channel), ("locale", locale), ("currency", currency)]
            _ = try options.client.send(.init(target: SocketClient.target("export", query))) { piece in
                Terminal.pass(piece, to: descriptor)
                bytes += Int64(piece.count)
            }
        }
        if let output { Terminal.say("wrote \(Amount.bytes(bytes)) to \(output)") }
    }
}

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the store to a file while the daemon works.",
        discussion: """
            The daemon writes the file, so the path is one it may write to; it must not exist yet.

            Example:
              heyi backup /var/lib/heyi/backups/today.sqlite
            """)

    @OptionGroup var options: OperatorOptions
    @Argument(help: "A new file, as the daemon sees it.", completion: .file()) var path: String

    func run() throws {
        let whole = path.hasPrefix("/") ? path : String(cString: getcwd(nil, 0)) + "/" + path
        try options.ask(.init(method: "POST", target: SocketClient.target("backup"), body: .json(["path": .string(whole)]))) {
            ["backed up to \(whole)\($0["bytes"]?.integer.map { ", \(Amount.bytes($0))" } ?? "")"]
        }
    }
}
