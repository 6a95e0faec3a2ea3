import ArgumentParser
import Commerce

struct OrderCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "order", abstract: "Find, show, ship, pay and call off orders.",
        discussion: "Examples:\n  heyi order list --state paid\n  heyi order show 20260312-k3v9q0m2ab",
        subcommands: [
            List.self, Show.self, Ship.self, Deliver.self, HandOver.self, Received.self, Remark.self, Invoice.self, Cancel.self,
            Pay.self, Goodwill.self, Refund.self, Refunded.self, Plan.self, Timers.self, Policy.self, Audit.self,
        ], defaultSubcommand: List.self)

    static func target(_ number: String, _ rest: String = "") -> String {
        SocketClient.target("orders/\(SocketClient.encoded(number))\(rest)")
    }

    /// Does one act and shows the order as it is then.
    static func act(_ word: String, _ number: String, _ members: [(String, JSON?)], _ options: OperatorOptions) throws {
        var body = JSONObject([("act", .string(word))])
        for (name, value) in members { body[name] = value }
        try options.ask(.init(method: "POST", target: target(number, "/acts"), body: .json(.object(body)))) { OrderView.report($0) }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show orders, newest first.",
            discussion: """
                Examples:
                  heyi order list --state paid
                  heyi order list --phone-tail 1234
                  heyi order list --channel web --problems
                """)
        @OptionGroup var options: OperatorOptions
        @OptionGroup var page: PageOptions
        @Option(help: "Of one channel.") var channel: String?
        @Option(help: "Of one member.") var member: String?
        @Option(help: "awaiting-payment, paid, partly-shipped, shipped, received, completed, cancelled, closed or expected.") var state: String?
        @Option(help: "What its channel calls it.") var externalNumber: String?
        @Option(help: "The last four digits of the buyer's phone.") var phoneTail: String?
        @Option(help: "Placed at this instant or later, in milliseconds since 1970 UTC.") var placedFrom: Int?
        @Option(help: "Placed before this instant.") var placedBefore: Int?
        @Flag(help: "Only with an open after-sale case.") var cases = false
        @Flag(help: "Only those a person should look at.") var problems = false

        func run() throws {
            let target = SocketClient.target(
                "orders",
                page.query + [
                    ("channel", channel), ("member", member), ("state", state), ("external_number", externalNumber),
                    ("phone_tail", phoneTail), ("placed_from", placedFrom.map { String($0) }),
                    ("placed_before", placedBefore.map { String($0) }), ("cases", cases ? "true" : nil),
                    ("problems", problems ? "true" : nil),
                ])
            try options.ask(.init(target: target)) { OrderView.heads.lines($0) }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one order: lines, money, parcels, cases, timers and all that happened.",
            discussion: "Named by its number, or by what its channel calls it.\n\nExample:\n  heyi order show 20260312-k3v9q0m2ab")
        @OptionGroup var options: OperatorOptions
        @Argument(help: "The order.") var number: String

        func run() throws { try options.ask(.init(target: OrderCommands.target(number))) { OrderView.report($0) } }
    }

    struct Plan: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the parcels in which the rest of an order can leave.", discussion: "Example:\n  heyi order plan 20260312-k3v9q0m2ab")
        @OptionGroup var options: OperatorOptions
        @Argument(help: "The order.") var number: String

        func run() throws {
            try options.ask(.init(target: OrderCommands.target(number, "/plan"))) { answer in
                let parcels = answer["parcels"]?.array ?? []
                if parcels.isEmpty { return ["nothing is left to send"] }
                return parcels.map { "from \(ListView.text($0["warehouse"])): \(OrderView.pieces($0["lines"]))" }
            }
        }
    }

    struct Timers: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what becomes due by itself, the next first.", discussion: "Example:\n  heyi order timers")
        @OptionGroup var options: OperatorOptions
        @OptionGroup var page: PageOptions

        func run() throws {
            try options.ask(.init(target: SocketClient.target("timers", page.query))) { OrderView.timers.lines($0) }
        }
    }

    struct Audit: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Fold every order again and compare with what is kept of it.",
            discussion: "Exit code 1 when something differs.\n\nExample:\n  heyi order audit")
        @OptionGroup var options: OperatorOptions

        func run() throws {
            var found = 0
            try options.ask(.init(target: SocketClient.target("order-audit"))) { answer in
                let rows = answer["data"]?.array ?? []
                found = rows.count
                if rows.isEmpty { return ["all that is kept of orders follows from their facts"] }
                return rows.map { "\(ListView.text($0["order"])): \(ListView.text($0["problem"]))" }
            }
            if found > 0 { throw ExitStatus.degraded.exit }
        }
    }

    struct Policy: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show or set how a channel's orders are treated.",
            discussion: """
                Without --set it is shown; with it, members given as JSON are set, and those left out are as usual.

                Examples:
                  heyi order policy web
                  heyi order policy web --set '{"payment_window": 900, "late_payment": "refund"}'
                """)
        @OptionGroup var options: OperatorOptions
        @Argument(help: "The channel.") var channel: String
        @Option(help: "The policy, as JSON.") var set: String?

        func run() throws {
            let target = SocketClient.target("channels/\(SocketClient.encoded(channel))/order-policy")
            var request = SocketClient.Request(target: target)
            if let set {
                let value: JSON
                do throws(JSONError) { value = try JSON.parse(set) } catch { throw ValidationError("--set is no JSON: \(error)") }
                request = .init(method: "PUT", target: target, body: .json(value))
            }
            try options.ask(request) { policy in (policy.object.map { $0.map { "\($0.name): \($0.value.text)" } }) ?? [] }
        }
    }
}
