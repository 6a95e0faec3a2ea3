import ArgumentParser
import Commerce

struct ParcelCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parcel", abstract: "See parcels on their way that a person should look at.",
        discussion: "Where an order's parcels are stands in heyi order show NUMBER.",
        subcommands: [Notices.self, Settle.self], defaultSubcommand: Notices.self)

    struct Notices: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show parcels that stall, come back or cannot be followed.", discussion: "Examples:\n  heyi parcel notices\n  heyi parcel notices --open")
        @OptionGroup var options: OperatorOptions
        @OptionGroup var page: PageOptions
        @Flag(help: "Only those nobody has dealt with.") var open = false

        func run() throws {
            let view = ListView(
                columns: [
                    .member("ID", "notice", right: true), .member("KIND", "kind", narrowest: 8), .member("ORDER", "order", narrowest: 12),
                    .member("TRACKING", "tracking", narrowest: 10), .age("AGE", "at"), .member("DETAIL", "detail", narrowest: 16),
                ],
                nothing: "no parcel needs a person")
            try options.ask(.init(target: SocketClient.target("parcel-notices", page.query + [("open", open ? "true" : nil)]))) { view.lines($0) }
        }
    }

    struct Settle: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Note that a notice was dealt with.", discussion: "Example:\n  heyi parcel settle 12")
        @OptionGroup var options: OperatorOptions
        @Argument(help: "The notice's number.") var id: Int

        func run() throws {
            try options.ask(.init(method: "POST", target: SocketClient.target("parcel-notices/\(id)/settle"))) { _ in ["notice \(id) is settled"] }
        }
    }
}
