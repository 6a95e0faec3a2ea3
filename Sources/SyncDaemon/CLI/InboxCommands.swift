import ArgumentParser
import Commerce

struct InboxCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inbox", abstract: "List, show and replay callbacks.",
        subcommands: [List.self, Show.self, Replay.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show callbacks and what became of them.",
            discussion: "Examples:\n  heyi inbox list\n  heyi inbox list --state quarantined")
        @OptionGroup var options: OperatorOptions
        @OptionGroup var page: PageOptions
        @Option(help: "waiting, applied, quarantined or dead.") var state: String?

        func run() throws {
            let view = ListView(
                columns: [
                    .member("ID", "id", right: true), .member("CHANNEL", "channel", narrowest: 8), .member("STATE", "state"),
                    .member("MESSAGE", "message_id", narrowest: 10), .age("AGE", "received_at"),
                    .member("TRIES", "attempts", right: true), .member("LAST ERROR", "last_error", narrowest: 10),
                ],
                nothing: "nothing in the inbox\(state.map { " is \($0)" } ?? "")")
            try options.ask(.init(target: SocketClient.target("inbox", page.query + [("state", state)]))) { view.lines($0) }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one callback.", discussion: "Example:\n  heyi inbox show 812")
        @OptionGroup var options: OperatorOptions
        @Argument var id: Int

        func run() throws {
            try options.ask(.init(target: SocketClient.target("inbox/\(id)"))) { answer in MemberView.lines(answer) }
        }
    }

    struct Replay: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Apply a callback again; what was applied already has no effect.",
            discussion: "Example:\n  heyi inbox replay 812")
        @OptionGroup var options: OperatorOptions
        @Argument var id: Int

        func run() throws {
            try options.ask(.init(method: "POST", target: SocketClient.target("inbox/\(id)/replay"))) {
                ["callback \(id) is \(ListView.text($0["state"]))"]
            }
        }
    }
}

/// The members of one object, one a line.
enum MemberView {
    static func lines(_ answer: JSON) -> [String] {
        let members = answer.object.map { Array($0) } ?? []
        let width = members.map { DisplayWidth.of($0.name) }.max() ?? 0
        return members.map { member in
            let isTime = member.name.hasSuffix("_at")
            let value = isTime ? member.value.integer.map { UTC.text(Timestamp(milliseconds: $0)) } : nil
            return DisplayWidth.fit(member.name, width) + "  " + PlainText.escaped(value ?? ListView.text(member.value))
        }
    }
}
