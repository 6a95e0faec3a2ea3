import ArgumentParser
import CDispatch
import Commerce
import Glibc

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take products from a file into the master record.",
        discussion: """
            Importing the same file again changes nothing. Rows that are wrong are named with line and column, the
            others are taken. Exit code 0: every row was taken, 65: some were not.

            Examples:
              heyi import --dry-run products_export.csv --format shopify
              heyi import goods.jsonl --mapping goods
              heyi import us.csv --format shopify --locale en --currency USD --source us-shop
            """)

    @OptionGroup var options: OperatorOptions
    @Argument(help: "The file.", completion: .file()) var file: String
    @Option(help: "shopify, woocommerce, jsonl or csv. Default: by the file's ending.") var format: String?
    @Option(help: "The mapping for jsonl and csv.") var mapping: String?
    @Option(help: "Go on where the import of this name stopped.") var resume: String?
    @Option(help: "The language of a CSV's texts, as en or zh-CN. Default: catalog.locale of the configuration.") var locale: String?
    @Option(help: "The currency of a CSV's prices, as USD. Default: catalog.currency.") var currency: String?
    @Option(help: "The name the file's own keys are kept under. Default: the mapping's, or the format's.") var source: String?
    @Flag(help: "Say what would happen and change nothing.") var dryRun = false

    func run() throws {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            Terminal.say("heyi: \(file) cannot be read: \(descriptor < 0 ? String(cString: strerror(errno)) : "not a regular file")")
            throw ExitStatus.badData.exit
        }
        defer { close(descriptor) }
        let query: [(String, String?)] = [
            ("format", try chosenFormat()), ("mapping", mapping), ("resume", resume), ("dry_run", dryRun ? "true" : nil),
            ("locale", locale), ("currency", currency), ("source", source),
        ]
        let request = SocketClient.Request(
            method: "POST", target: SocketClient.target("import", query),
            body: .file(descriptor: descriptor, bytes: Int(status.st_size)))
        var faulty: Int64 = 0
        var ended = false
        var lines = LineReader()
        var progress = ProgressLine(bytesTotal: Int64(status.st_size))
        try CommandFailure.explained {
            _ = try options.client.send(request) { piece in
                if options.json { Terminal.pass(piece) }
                for line in lines.take(piece) {
                    let report = try JSON.parse(line)
                    switch report["type"]?.string {
                    case "progress": progress.update(rows: report["rows"]?.integer ?? 0, bytes: report["bytes"]?.integer ?? 0)
                    case "summary":
                        ended = true
                        faulty = report["faulty"]?.integer ?? 0
                        progress.end()
                        if !options.json { Terminal.print(summary(report)) }
                    case "error":
                        progress.end()
                        throw ClientError.refused(
                            status: Int(report["problem"]?["status"]?.integer ?? 500), body: report["problem"]?.bytes ?? [])
                    default:
                        progress.end()
                        if !options.json { Terminal.print(fault(report)) }
                    }
                }
            }
        }
        guard ended else {
            Terminal.say("heyi: the import broke off; the rows named as taken are kept")
            Terminal.say("next: run the same command again, it goes on where it stopped")
            throw ExitStatus.tryLater.exit
        }
        if faulty > 0 { throw ExitStatus.badData.exit }
    }

    private func chosenFormat() throws -> String {
        if let format { return format }
        switch file.split(separator: ".").last {
        case "jsonl", "ndjson": return "jsonl"
        default:
            Terminal.say("heyi: which format is \(file)? say --format shopify, woocommerce, jsonl or csv")
            throw ExitStatus.usage.exit
        }
    }

    private func fault(_ report: JSON) -> String {
        let column = report["column"]?.string.map { ", \($0)" } ?? ""
        return PlainText.escaped("\(file):\(ListView.text(report["line"]))\(column): \(ListView.text(report["reason"]))")
    }

    private func summary(_ report: JSON) -> String {
        func number(_ name: String) -> Int64 { report[name]?.integer ?? 0 }
        let words = "\(number("rows")) rows: \(number("created")) created, \(number("changed")) changed, \(number("unchanged")) unchanged, \(number("faulty")) not taken"
        return dryRun ? "would be: " + words : words
    }
}

/// Takes JSON Lines apart.
struct LineReader {
    private var line: [UInt8] = []

    mutating func take(_ bytes: ArraySlice<UInt8>) -> [[UInt8]] {
        var complete: [[UInt8]] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                if !line.isEmpty { complete.append(line) }
                line = []
            } else {
                line.append(byte)
            }
        }
        return complete
    }
}
