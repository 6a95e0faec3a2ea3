import ArgumentParser
import Commerce

struct GatewayCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway", abstract: "See and try the accounts at payment and logistics platforms.",
        discussion: "They are declared in the configuration under gateways; a reload takes new keys without a pause.",
        subcommands: [List.self, Check.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the accounts, what they do, and how their callbacks fare.", discussion: "Example:\n  heyi gateway list")
        @OptionGroup var options: OperatorOptions

        func run() throws {
            let view = ListView(
                columns: [
                    .member("ID", "id", narrowest: 10), .member("KIND", "kind", narrowest: 10), .member("ADMITTED", "admitted"),
                    .member("REFUSED", "refused"), .age("LAST", "last_admitted"), .member("FAULT", "fault", narrowest: 12),
                ],
                nothing: "no gateways; declare them in the configuration under gateways, then: systemctl reload heyi")
            try options.ask(.init(target: SocketClient.target("gateways"))) { view.lines($0) }
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Try an account's keys at its platform; no money moves.",
            discussion: "Exit code 0: fine, 1: not.\n\nExample:\n  heyi gateway check wxpay")
        @OptionGroup var options: OperatorOptions
        @Argument(help: "The account's id.") var id: String

        func run() throws {
            var isFine = true
            try options.ask(.init(method: "POST", target: SocketClient.target("gateways/\(SocketClient.encoded(id))/check"))) { answer in
                isFine = answer["level"]?.string == "fine"
                return ["\(answer["level"]?.string ?? "?"): \(PlainText.escaped(answer["words"]?.string ?? ""))"]
            }
            if !isFine { throw ExitStatus.degraded.exit }
        }
    }
}
