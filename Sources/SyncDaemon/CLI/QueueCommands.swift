import ArgumentParser
import Commerce

struct QueueCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "List, retry and drop pushes that did not go well.",
        subcommands: [List.self, Retry.self, Drop.self], defaultSubcommand: List.self)

    struct Selection: ParsableArguments {
        @Option(help: "Only this channel.") var channel: String?
        @Option(help: "Only retrying, unknown or dead.") var state: String?
        @Argument(help: "Only these rows.") var ids: [Int] = []

        var body: [(String, JSON)] {
            var pairs: [(String, JSON)] = []
            if let channel { pairs.append(("channel", .string(channel))) }
            if let state { pairs.append(("state", .string(state))) }
            if !ids.isEmpty { pairs.append(("ids", .array(ids.map { .integer(Int64($0)) }))) }
            return pairs
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show pushes that wait for a retry, have an unknown outcome or are dead.",
            discussion: "Examples:\n  heyi queue list\n  heyi queue list --channel web --state dead")
        @OptionGroup var options: OperatorOptions
        @OptionGroup var page: PageOptions
        @Option(help: "Only this channel.") var channel: String?
        @Option(help: "Only retrying, unknown or dead.") var state: String?

        func run() throws {
            let view = ListView(
                columns: [
                    .member("ID", "id", right: true), .member("CHANNEL", "channel", narrowest: 6),
                    .member("ENTITY", "entity", narrowest: 12), .member("UNIT", "unit", narrowest: 8), .member("STATE", "state"),
                    .member("TRIES", "attempts", right: true), .due("NEXT", "next_attempt_at"),
                    .member("LAST ERROR", "last_error", narrowest: 10),
                ],
                nothing: "nothing waits: every push was acknowledged")
            try options.ask(.init(target: SocketClient.target("queue", page.query + [("channel", channel), ("state", state)]))) { view.lines($0) }
        }
    }

    struct Retry: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Try pushes again now, dead ones too.",
            discussion: "Examples:\n  heyi queue retry 41 42\n  heyi queue retry --channel web --state dead")
        @OptionGroup var options: OperatorOptions
        @OptionGroup var selection: Selection

        func run() throws {
            let body = JSON.object(JSONObject(selection.body))
            try options.ask(.init(method: "POST", target: SocketClient.target("queue/retry"), body: .json(body))) {
                ["retrying \(ListView.text($0["count"]))"]
            }
        }
    }

    struct Drop: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give pushes up; the channel keeps what it holds until the next change.",
            discussion: "Example:\n  heyi queue drop 41 --reason \"the shop closed this listing\"")
        @OptionGroup var options: OperatorOptions
        @OptionGroup var selection: Selection
        @Option(help: "Why; kept in the audit.") var reason: String

        func validate() throws {
            if selection.body.isEmpty { throw ValidationError("name rows, a channel or a state: dropping everything takes --state dead at least") }
        }

        func run() throws {
            let body = JSON.object(JSONObject(selection.body + [("reason", .string(reason))]))
            try options.ask(.init(method: "POST", target: SocketClient.target("queue/drop"), body: .json(body))) {
                ["dropped \(ListView.text($0["count"]))"]
            }
        }
    }
}
