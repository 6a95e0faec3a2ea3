import ArgumentParser
import Commerce

struct ChannelCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "channel", abstract: "List, add, pause, resume, resync and retire channels.",
        subcommands: [List.self, Add.self, Pause.self, Resume.self, Resync.self, Retire.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show every channel: its state, how far it lags, what went wrong.",
            discussion: "Example:\n  heyi channel list")
        @OptionGroup var options: OperatorOptions

        func run() throws {
            try options.ask(.init(target: SocketClient.target("channels"))) { ChannelView.list.lines($0) }
        }
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a channel while the daemon runs.",
            discussion: """
                Without --endpoint the channel only calls us. Secrets are named, never given: the daemon reads
                the file itself.

                Examples:
                  heyi channel add web --kind web --endpoint https://shop.example/heyi --secret /etc/heyi/web.secret
                  heyi channel add app --kind app --secret /etc/heyi/app.secret
                  heyi channel add erp --kind web --endpoint http://10.0.0.7/heyi --allow-private-addresses \\
                    --secret /etc/heyi/erp.secret
                """)
        @OptionGroup var options: OperatorOptions
        @Argument(help: "1 to 32 of a-z 0-9 -, beginning with a letter; never reused.") var id: String
        @Option(help: "web or app.") var kind: String
        @Option(name: .customLong("protocol"), help: "delta, or plain for a REST backend without clocks.") var dialect = "delta"
        @Option(help: "Where the daemon calls the channel.") var endpoint: String?
        @Option(name: .customLong("secret"), help: "A file on the daemon's host; again for rotation, the first signs.")
        var secrets: [String] = []
        @Flag(help: "The endpoint may be on this host or in a private network.") var allowPrivateAddresses = false

        func run() throws {
            var body = JSONObject([
                ("id", .string(id)), ("kind", .string(kind)), ("protocol", .string(dialect)),
                ("secret_files", .array(secrets.map { .string($0.hasPrefix("file:") ? String($0.dropFirst(5)) : $0) })),
            ])
            body["endpoint"] = endpoint.map(JSON.string)
            if allowPrivateAddresses { body["allow_private_addresses"] = true }
            try options.ask(.init(method: "POST", target: SocketClient.target("channels"), body: .json(.object(body)))) { _ in
                ["added \(id); it is compared first and then kept in step: heyi status"]
            }
        }

        func validate() throws {
            guard ChannelID(id) != nil else { throw ValidationError("the id must be 1 to 32 of a-z 0-9 -, beginning with a letter") }
            for secret in secrets {
                guard case .file = SecretReference(secret) else {
                    throw ValidationError("--secret must be the path of a file; the secret itself never stands here")
                }
            }
        }
    }

    struct Pause: ChannelOrderCommand {
        static let order = "pause"
        static let configuration = CommandConfiguration(
            abstract: "Stop pushing to and pulling from a channel.",
            discussion: "Changes wait on disk at no cost; callbacks are still taken. Safe to repeat.\n\nExample:\n  heyi channel pause web")
        @OptionGroup var options: OperatorOptions
        @Argument var id: String
    }

    struct Resume: ChannelOrderCommand {
        static let order = "resume"
        static let configuration = CommandConfiguration(
            abstract: "Let a paused or halted channel catch up.",
            discussion: "Also starts one that had halted itself; look at its reason first. Safe to repeat.\n\nExample:\n  heyi channel resume web")
        @OptionGroup var options: OperatorOptions
        @Argument var id: String
    }

    struct Resync: ChannelOrderCommand {
        static let order = "resync"
        static let configuration = CommandConfiguration(
            abstract: "Compare everything a channel holds and put it right.",
            discussion: "Example:\n  heyi channel resync web")
        @OptionGroup var options: OperatorOptions
        @Argument var id: String
    }

    struct Retire: ChannelOrderCommand {
        static let order = "retire"
        static let configuration = CommandConfiguration(
            abstract: "End a channel for ever; its id is never used again.",
            discussion: "What it holds stays there; its history stays here.\n\nExample:\n  heyi channel retire old-shop")
        @OptionGroup var options: OperatorOptions
        @Argument var id: String
    }
}

/// An order to one channel that may be given twice.
protocol ChannelOrderCommand: ParsableCommand {
    static var order: String { get }
    var options: OperatorOptions { get }
    var id: String { get }
}

extension ChannelOrderCommand {
    func run() throws {
        let target = SocketClient.target("channels/\(SocketClient.encoded(id))/\(Self.order)")
        try options.ask(.init(method: "POST", target: target)) { answer in
            ["\(id): \(ListView.text(answer["result"] ?? answer["state"] ?? answer["status"]))"]
        }
    }
}

enum ChannelView {
    static let list = ListView(
        columns: [
            .member("CHANNEL", "id", narrowest: 8),
            .init("STATE") { row, _ in
                let state = ListView.text(row["state"])
                guard let breaker = row["breaker"]?.string, breaker != "closed" else { return state }
                return "\(state)/\(breaker)"
            },
            .init("BEHIND", right: true) { row, _ in
                let changes = row["lag_changes"]?.integer ?? 0
                return changes == 0 ? "0" : "\(changes), \(Age.text(seconds: row["lag_seconds"]?.integer ?? 0))"
            },
            .member("SENT", "in_flight", right: true),
            .member("RETRY", "retrying", right: true),
            .member("UNKN", "unknown", right: true),
            .member("DEAD", "dead", right: true),
            .member("CONFL", "conflicts_open", right: true),
            .age("LAST OK", "last_success_at"),
        ],
        nothing: "no channels yet: heyi channel add --help")
}
