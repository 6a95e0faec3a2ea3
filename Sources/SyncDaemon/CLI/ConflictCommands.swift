import ArgumentParser
import Commerce

struct ConflictCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conflicts", abstract: "List, show and resolve conflicts.",
        subcommands: [List.self, Show.self, Resolve.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show units that two ends wrote without having seen each other.",
            discussion: "Examples:\n  heyi conflicts list\n  heyi conflicts list --state resolved --limit 10")
        @OptionGroup var options: OperatorOptions
        @OptionGroup var page: PageOptions
        @Option(help: "open or resolved.") var state = "open"

        func run() throws {
            let view = ListView(
                columns: [
                    .member("ID", "id", right: true), .member("ENTITY", "entity", narrowest: 16),
                    .member("UNIT", "unit", narrowest: 10), .member("POLICY", "policy", narrowest: 10),
                    .init("SIDES", right: true) { row, _ in "\(row["sides"]?.array?.count ?? 0)" }, .age("SINCE", "opened_at"),
                ],
                nothing: "no \(state) conflicts")
            try options.ask(.init(target: SocketClient.target("conflicts", page.query + [("state", state)]))) { view.lines($0) }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show all sides of a conflict.", discussion: "Example:\n  heyi conflicts show 17")
        @OptionGroup var options: OperatorOptions
        @Argument var id: Int

        func run() throws {
            try options.ask(.init(target: SocketClient.target("conflicts/\(id)"))) {
                ConflictView.lines($0, now: Terminal.now())
            }
        }
    }

    struct Resolve: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Choose a side, or give a value; every channel gets it.",
            discussion: """
                Examples:
                  heyi conflicts resolve 17 --live --reason "the shop's price is right"
                  heyi conflicts resolve 17 --side 1 --reason "newer text"
                  heyi conflicts resolve 17 --value '{"amount":4900}' --reason "agreed by phone"
                """)
        @OptionGroup var options: OperatorOptions
        @Argument var id: Int
        @Flag(help: "Keep the value that is live now.") var live = false
        @Option(help: "The number of a side, as heyi conflicts show prints it.") var side: Int?
        @Option(help: "A value of your own, as JSON.") var value: String?
        @Option(help: "Why; kept with the decision.") var reason: String

        func validate() throws {
            guard [live, side != nil, value != nil].filter({ $0 }).count == 1 else {
                throw ValidationError("choose exactly one of --live, --side and --value")
            }
        }

        func run() throws {
            let choice: JSON
            if let value {
                do {
                    choice = ["value": try JSON.parse(value)]
                } catch {
                    Terminal.say("heyi: --value is no JSON: \(error)")
                    throw ExitStatus.badData.exit
                }
            } else {
                choice = .string(side.map { String($0) } ?? "live")
            }
            let body: JSON = ["choice": choice, "reason": .string(reason)]
            try options.ask(.init(method: "POST", target: SocketClient.target("conflicts/\(id)/resolve"), body: .json(body))) {
                ["resolved \(id): \(ListView.text($0["entity"])) \(ListView.text($0["unit"])) is now \(ListView.text($0["resolution"]?["value"]))"]
            }
        }
    }
}

enum ConflictView {
    static func lines(_ conflict: JSON, now: Timestamp) -> [String] {
        func text(_ value: JSON?) -> String { PlainText.escaped(ListView.text(value)) }
        var lines = [
            "conflict \(text(conflict["id"])), \(text(conflict["state"])): \(text(conflict["entity"])) \(text(conflict["unit"]))",
            "policy \(text(conflict["policy"])), since \(Age.since(conflict["opened_at"], now: now))",
            "", "before   \(text(conflict["base"]))",
        ]
        for side in conflict["sides"]?.array ?? [] {
            let deleted = side["deleted"]?.bool == true
            lines.append("side \(text(side["index"]))   \(deleted ? "(deleted)" : text(side["value"]))\(side["live"]?.bool == true ? "  ← live" : "")")
            lines.append("         by \(text(side["author"])), \(Age.since(side["at"], now: now)) ago")
        }
        if let resolution = conflict["resolution"], !resolution.isNull {
            lines.append("resolved \(text(resolution["value"])) by \(text(resolution["by"])): \(text(resolution["reason"]))")
        } else {
            lines += ["", "next: heyi conflicts resolve \(text(conflict["id"])) --side N --reason …"]
        }
        return lines
    }
}
