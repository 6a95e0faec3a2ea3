import ArgumentParser
import Commerce

struct TokenCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Create, list and revoke tokens of the admin API.",
        subcommands: [Create.self, List.self, Revoke.self], defaultSubcommand: List.self)

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token; it is shown once and only its hash is kept.",
            discussion: "Example:\n  heyi token create grafana --scope read --days 90")
        @OptionGroup var options: OperatorOptions
        @Argument(help: "What it is for.") var name: String
        @Option(help: "What it may do: read, operate or admin.") var scope = "read"
        @Option(help: "Days until it ends; 90 when not said.") var days: Int?

        func run() throws {
            var body = JSONObject([("name", .string(name)), ("scope", .string(scope))])
            body["days"] = days.map { .integer(Int64($0)) }
            try options.ask(.init(method: "POST", target: SocketClient.target("tokens"), body: .json(.object(body)))) { answer in
                Terminal.say("shown this once; keep it where only its user can read it:")
                return [ListView.text(answer["token"])]
            }
        }

        func validate() throws {
            if let days, !(1...366).contains(days) { throw ValidationError("--days must be 1…366, got \(days)") }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show tokens, never their text.", discussion: "Example:\n  heyi token list")
        @OptionGroup var options: OperatorOptions
        @OptionGroup var page: PageOptions

        func run() throws {
            let view = ListView(
                columns: [
                    .member("ID", "id", narrowest: 12), .member("NAME", "name", narrowest: 12), .member("SCOPE", "scope"),
                    .age("AGE", "created_at"), .due("ENDS", "expires_at"),
                ],
                nothing: "no tokens; this socket needs none")
            try options.ask(.init(target: SocketClient.target("tokens", page.query))) { view.lines($0) }
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End a token at once.", discussion: "Example:\n  heyi token revoke 0k3v9q")
        @OptionGroup var options: OperatorOptions
        @Argument var id: String

        func run() throws {
            try options.ask(.init(method: "DELETE", target: SocketClient.target("tokens/\(SocketClient.encoded(id))"))) { _ in ["revoked \(id)"] }
        }
    }
}
