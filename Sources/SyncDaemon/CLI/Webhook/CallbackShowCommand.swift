import ArgumentParser
import Commerce

struct CallbackShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a kept callback, and what it says in our words.",
        discussion: "Nothing is changed.\n\nExample:\n  heyi callback show 812")
    @OptionGroup var options: OperatorOptions
    @Argument(help: "Its number, from heyi inbox list.") var id: Int

    func run() throws {
        try options.ask(.init(target: SocketClient.target("inbox/\(id)/effects"))) { report in
            MemberView.lines(report["callback"] ?? .null) + [""] + WebhookReplayCommand.lines(report).dropFirst()
        }
    }
}
