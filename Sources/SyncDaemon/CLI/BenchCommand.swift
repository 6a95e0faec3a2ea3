import ArgumentParser
import Benchmarks
import Commerce
import Foundation

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure this machine and this build, each case beside a reference.",
        discussion: """
            Rounds of a case and of its reference are interleaved, so the ratio says more than the value. Cases:
            \(Bench.names.joined(separator: ", ")), or all. PostgreSQL 15 is the reference where it is installed.
            Exit code 1 when a bar is missed. docs/performance.md says what each case is.

            Examples:
              heyi bench all --quick
              heyi bench ingest apply --rounds 5
              heyi bench import --json
            """)

    @Argument(help: "What to measure.", completion: .list(Bench.names + ["all"])) var cases: [String]
    @Flag(name: .long, help: "Small amounts: a few minutes in all.") var quick = false
    @Option(name: .long, help: "Rounds of each; the median counts.") var rounds = 3
    @Option(name: .long, help: "The disk to measure; a directory of its own is made and removed.", completion: .directory)
    var directory = NSTemporaryDirectory()
    @Flag(name: .long, help: "One JSON line a case.") var json = false

    func validate() throws {
        for name in cases where name != "all" && !Bench.names.contains(name) {
            throw ValidationError("\(name) is no case; there are \(Bench.names.joined(separator: ", ")) and all")
        }
        guard !cases.isEmpty else { throw ValidationError("name at least one case, or all") }
        guard rounds >= 1 else { throw ValidationError("--rounds must be 1 or more") }
    }

    func run() async throws {
        let bench = Bench(
            size: quick ? .quick : .full, rounds: rounds, json: json, directory: directory,
            program: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
            say: { Terminal.print($0) })
        let met = try await bench.run(cases.contains("all") ? Bench.names : cases)
        if !met { throw ExitStatus.degraded.exit }
    }
}

/// The load of `heyi bench ingest`, which must not share a process with what it loads.
struct BenchLoadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench-load", abstract: "Send signed callbacks for heyi bench.",
        discussion: """
            Example:
              heyi bench-load --port 8470 --channel gateway --secret-file gateway.secret
            """, shouldDisplay: false)

    @Option(name: .long, help: "The public port on 127.0.0.1.") var port: Int
    @Option(name: .long, help: "The channel that calls.") var channel: String
    @Option(name: .long, help: "Its secret.", completion: .file()) var secretFile: String
    @Option(name: .long, help: "Connections at once.") var connections = 64
    @Option(name: .long, help: "How long.") var seconds: Double = 5
    @Option(name: .long, help: "Begins the ids of its messages.") var batch = "load"

    @Option(name: .long, help: "Place orders over so many SKUs instead.") var orders: Int?

    @Option(name: .long, help: "Hold one SKU at the admin port, with this token, instead.") var holdsToken: String?

    @Option(name: .customLong("wechatpay-key"), help: "Send WeChat Pay's callbacks, signed with this private key, instead.", completion: .file())
    var weChatPayKey: String?

    func run() throws {
        let secret = try String(contentsOfFile: secretFile, encoding: .utf8)
        if let orders {
            let load = OrderLoad(
                port: port, channel: channel, secret: secret, connections: connections, seconds: seconds, batch: batch, skus: orders)
            return Terminal.print(try load.run().text)
        }
        var load = RequestLoad(
            port: port, channel: channel, secret: secret,
            connections: connections, seconds: seconds, batch: batch)
        if let weChatPayKey {
            load.kind = .weChatPay(try WeChatPayPen(key: String(contentsOfFile: weChatPayKey, encoding: .utf8)), perSecond: 8_000)
        }
        if let holdsToken { load.kind = .holds(token: holdsToken) }
        Terminal.print(try load.run().text)
    }
}

/// The shops `heyi bench` pushes to, in a process of their own.
struct BenchShopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench-shop", abstract: "Play shops for heyi bench.",
        discussion: """
            Example:
              heyi bench-shop --channel web --secret-file web.secret
            """, shouldDisplay: false)

    @Option(name: .long, help: "A shop's channel; may be given again.") var channel: [String]
    @Option(name: .long, help: "The secret of all.", completion: .file()) var secretFile: String

    func run() async throws {
        try await ShopPeer.run(channels: channel, secret: try String(contentsOfFile: secretFile, encoding: .utf8))
    }
}
