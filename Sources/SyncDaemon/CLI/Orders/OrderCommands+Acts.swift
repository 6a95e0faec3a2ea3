import ArgumentParser
import Commerce

/// Pieces of a line as people write them: `2`, or `2:3` for three of line 2.
struct LineArgument: ExpressibleByArgument {
    let line: Int64
    let pieces: Int64
    /// Minor units, behind a second colon.
    let amount: Int64?

    init?(argument: String) {
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) }
        guard (1...3).contains(parts.count), let line = parts[0], line > 0, !parts.contains(nil) else { return nil }
        self.line = line
        pieces = parts.count > 1 ? parts[1] ?? 0 : 1
        amount = parts.count > 2 ? parts[2] : nil
    }

    var json: JSON {
        var object = JSONObject([("line", .integer(line)), ("pieces", .integer(pieces))])
        object["amount"] = amount.map(JSON.integer)
        return .object(object)
    }
}

extension OrderCommands {
    struct Ship: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a parcel leave.",
            discussion: """
                Without --line it takes all that is still to be sent from where the goods are held. The same carrier and tracking
                number again is the same parcel.

                Examples:
                  heyi order ship 20260312-k3v9q0m2ab --carrier SF --tracking SF1029384756
                  heyi order ship 20260312-k3v9q0m2ab --carrier SF --tracking SF1029384757 --line 1:2 --from north
                """)
        @OptionGroup var options: OperatorOptions
        @Argument(help: "The order.") var number: String
        @Option(help: "Who carries it.") var carrier: String
        @Option(help: "The number on its label.") var tracking: String
        @Option(help: "The warehouse it leaves.") var from: String?
        @Option(help: "LINE:PIECES, as often as needed.") var line: [LineArgument] = []

        func run() throws {
            try OrderCommands.act(
                "ship", number,
                [
                    ("carrier", .string(carrier)), ("tracking", .string(tracking)), ("warehouse", from.map(JSON.string)),
                    ("lines", line.isEmpty ? nil : .array(line.map(\.json))),
                ], options)
        }
    }

    struct Deliver: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Note that a parcel was delivered.", discussion: "Example:\n  heyi order deliver 20260312-k3v9q0m2ab p1")
        @OptionGroup var options: OperatorOptions
        @Argument(help: "The order.") var number: String
        @Argument(help: "The parcel.") var parcel: String

        func run() throws { try OrderCommands.act("deliver", number, [("parcel", .string(parcel))], options) }
    }

    struct HandOver: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "hand-over", abstract: "Hand a pick-up order over to whoever shows its code.",
            discussion: "Example:\n  heyi order hand-over 20260312-k3v9q0m2ab --code 493027")
        @OptionGroup var options: OperatorOptions
        @Argument(help: "The order.") var number: String
        @Option(help: "The code the buyer shows.") var code: String

        func run() throws { try OrderCommands.act("hand-over", number, [("code", .string(code))], options) }
    }

    struct Received: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Note that the buyer has all of it.", discussion: "Example:\n  heyi order received 20260312-k3v9q0m2ab")
        @OptionGroup var options: OperatorOptions
        @Argument(help: "The order.") var number: String

        func run() throws { try OrderCommands.act("receive", number, [], options) }
    }

    struct Remark: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Note something on an order.", discussion: "Example:\n  heyi order remark 20260312-k3v9q0m2ab \"call before delivery\"")
        @OptionGroup var options: OperatorOptions
        @Argument(help: "The order.") var number: String
        @Argument(help: "What is to be noted.") var text: String

        func run() throws { try OrderCommands.act("remark", number, [("text", .string(text))], options) }
    }

    struct Invoice: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Note that an invoice was written.", discussion: "Example:\n  heyi order invoice 20260312-k3v9q0m2ab --title 某某有限公司 --amount 12900")
        @OptionGroup var options: OperatorOptions
        @Argument(help: "The order.") var number: String
        @Option(help: "To whom.") var title: String
        @Option(help: "Minor units.") var amount: Int

        func run() throws {
            try OrderCommands.act("invoice", number, [("title", .string(title)), ("amount", .integer(Int64(amount)))], options)
        }
    }

    struct Cancel: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Call an order off before it is sent; what was paid goes back by itself.",
            discussion: "Example:\n  heyi order cancel 20260312-k3v9q0m2ab --reason \"the glaze cracked\"")
        @OptionGroup var options: OperatorOptions
        @Argument(help: "The order.") var number: String
        @Option(help: "Why; the buyer may read it.") var reason: String

        func run() throws {
            try options.ask(
                .init(method: "POST", target: OrderCommands.target(number, "/cancel"), body: .json(["reason": .string(reason)]))
            ) { OrderView.report($0) }
        }
    }

    struct Pay: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take money for an order by hand, or pay it at the trial gateway.",
            discussion: """
                --trial works where payments.trial is switched on. --reference names money that came in by hand, once for each;
                what is too much goes back, what is too little waits for the rest.

                Examples:
                  heyi order pay 20260312-k3v9q0m2ab --trial
                  heyi order pay 20260312-k3v9q0m2ab --reference receipt-118 --amount 12900 --currency CNY
                """)
        @OptionGroup var options: OperatorOptions
        @Argument(help: "The order.") var number: String
        @Flag(help: "Pay at the trial gateway.") var trial = false
        @Option(help: "The receipt or transfer it came by.") var reference: String?
        @Option(help: "Minor units; at the trial gateway, what is missing when left out.") var amount: Int?
        @Option(help: "The currency of money taken by hand.") var currency = "CNY"

        func validate() throws {
            guard trial != (reference != nil && amount != nil) else {
                throw ValidationError("say --trial, or --reference and --amount of the money that was taken")
            }
        }

        func run() throws {
            if trial {
                var body = JSONObject([])
                body["amount"] = amount.map { .integer(Int64($0)) }
                return try options.ask(
                    .init(method: "POST", target: OrderCommands.target(number, "/trial-payment"), body: .json(.object(body)))
                ) { OrderView.report($0) }
            }
            let money: JSON = ["amount": .integer(Int64(amount ?? 0)), "currency": .string(currency)]
            try OrderCommands.act(
                "take-money", number,
                [("gateway", "hand"), ("transaction", .string(reference ?? "")), ("amount", money)], options)
        }
    }

    struct Goodwill: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give money back for a line; the goods stay with the buyer.",
            discussion: "Example:\n  heyi order goodwill 20260312-k3v9q0m2ab --line 1 --amount 500")
        @OptionGroup var options: OperatorOptions
        @Argument(help: "The order.") var number: String
        @Option(help: "The line.") var line: Int
        @Option(help: "Minor units.") var amount: Int

        func run() throws {
            try OrderCommands.act("goodwill", number, [("line", .integer(Int64(line))), ("amount", .integer(Int64(amount)))], options)
        }
    }

    struct Refund: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a refund again now, under the number it has.",
            discussion: "Refunds are opened by cancellations, cases and surplus money, never by this command.\n\nExample:\n  heyi order refund 20260312-k3v9q0m2ab r1")
        @OptionGroup var options: OperatorOptions
        @Argument(help: "The order.") var number: String
        @Argument(help: "The refund.") var refund: String

        func run() throws { try OrderCommands.refund(number, refund, "retry", options) }
    }

    struct Refunded: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Note that a refund is through: given back by hand, or seen on the gateway's own page.",
            discussion: "Example:\n  heyi order refunded 20260312-k3v9q0m2ab r1")
        @OptionGroup var options: OperatorOptions
        @Argument(help: "The order.") var number: String
        @Argument(help: "The refund.") var refund: String

        func run() throws { try OrderCommands.refund(number, refund, "settled", options) }
    }

    fileprivate static func refund(_ number: String, _ refund: String, _ act: String, _ options: OperatorOptions) throws {
        try options.ask(
            .init(
                method: "POST", target: target(number, "/refunds/\(SocketClient.encoded(refund))"), body: .json(["act": .string(act)]))
        ) { OrderView.report($0) }
    }
}
