import ArgumentParser
import Commerce

struct AfterSaleCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "after-sale", abstract: "Answer what buyers ask for after the sale, and take goods back.",
        discussion: """
            A case belongs to an order and is named c1, c2, … Money goes back when it is agreed and, where goods are to come
            back, when somebody has looked at them.

            Examples:
              heyi after-sale list
              heyi after-sale agree 20260312-k3v9q0m2ab c1
              heyi after-sale take-back 20260312-k3v9q0m2ab c1 --line 1:1 --as damaged
            """,
        subcommands: [
            List.self, Open.self, Agree.self, Offer.self, Decline.self, TakeBack.self, SendAgain.self, Arbitrate.self,
        ], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show orders with open cases.", discussion: "Example:\n  heyi after-sale list")
        @OptionGroup var options: OperatorOptions
        @OptionGroup var page: PageOptions

        func run() throws {
            try options.ask(.init(target: SocketClient.target("orders", page.query + [("cases", "true")]))) { OrderView.heads.lines($0) }
        }
    }

    struct Open: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Open a case for a buyer, as the service desk does.",
            discussion: """
                Kinds are call-off, refund-only, return-and-refund, exchange, repair and resend. A line is LINE:PIECES, and
                LINE:PIECES:AMOUNT where it is about other money than the pieces were paid with.

                Example:
                  heyi after-sale open 20260312-k3v9q0m2ab return-and-refund --line 1:1 --reason "arrived broken"
                """)
        @OptionGroup var options: OperatorOptions
        @Argument(help: "The order.") var number: String
        @Argument(help: "What is asked for.") var kind: String
        @Option(help: "LINE:PIECES or LINE:PIECES:AMOUNT.") var line: [LineArgument]
        @Option(help: "Why.") var reason: String

        func run() throws {
            try OrderCommands.act(
                "ask", number,
                [("kind", .string(kind)), ("lines", .array(line.map(\.json))), ("reason", .string(reason))], options)
        }
    }

    struct Agree: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Agree to what is asked for.", discussion: "Example:\n  heyi after-sale agree 20260312-k3v9q0m2ab c1")
        @OptionGroup var options: OperatorOptions
        @OptionGroup var names: CaseArguments

        func run() throws { try OrderCommands.act("answer", names.number, [("case", .string(names.id)), ("answer", "agree")], options) }
    }

    struct Offer: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Offer something else instead.",
            discussion: "Example:\n  heyi after-sale offer 20260312-k3v9q0m2ab c1 --line 1:0:1500")
        @OptionGroup var options: OperatorOptions
        @OptionGroup var names: CaseArguments
        @Option(help: "LINE:PIECES:AMOUNT.") var line: [LineArgument]

        func run() throws {
            try OrderCommands.act(
                "answer", names.number,
                [("case", .string(names.id)), ("answer", "offer"), ("lines", .array(line.map(\.json)))], options)
        }
    }

    struct Decline: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Decline what is asked for; the buyer may complain.",
            discussion: "Example:\n  heyi after-sale decline 20260312-k3v9q0m2ab c1 --reason \"it was worn\"")
        @OptionGroup var options: OperatorOptions
        @OptionGroup var names: CaseArguments
        @Option(help: "Why.") var reason: String

        func run() throws {
            try OrderCommands.act(
                "answer", names.number, [("case", .string(names.id)), ("answer", "decline"), ("reason", .string(reason))], options)
        }
    }

    struct TakeBack: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "take-back", abstract: "Note what came back, and decide what it is now.",
            discussion: """
                sellable goes on sale again; damaged is kept and not sold; lost never came; supplier went on to the supplier.

                Example:
                  heyi after-sale take-back 20260312-k3v9q0m2ab c1 --line 1:1 --as damaged
                """)
        @OptionGroup var options: OperatorOptions
        @OptionGroup var names: CaseArguments
        @Option(help: "LINE:PIECES.") var line: [LineArgument]
        @Option(help: "sellable, damaged, lost or supplier.") var `as`: String
        @Option(help: "The warehouse.") var at = "main"

        func run() throws {
            let goods = line.map { JSON.object(JSONObject([("line", .integer($0.line)), ("pieces", .integer($0.pieces)), ("disposition", .string(`as`))])) }
            try OrderCommands.act(
                "take-back", names.number,
                [("case", .string(names.id)), ("goods", .array(goods)), ("warehouse", .string(at))], options)
        }
    }

    struct SendAgain: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "send-again", abstract: "Send goods again: exchanged, repaired, or missing the first time.",
            discussion: "Example:\n  heyi after-sale send-again 20260312-k3v9q0m2ab c1 --carrier SF --tracking SF1029384758")
        @OptionGroup var options: OperatorOptions
        @OptionGroup var names: CaseArguments
        @Option(help: "Who carries it.") var carrier: String
        @Option(help: "The number on its label.") var tracking: String

        func run() throws {
            try OrderCommands.act(
                "send-again", names.number,
                [("case", .string(names.id)), ("carrier", .string(carrier)), ("tracking", .string(tracking))], options)
        }
    }

    struct Arbitrate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Decide a complaint.",
            discussion: """
                Examples:
                  heyi after-sale arbitrate 20260312-k3v9q0m2ab c1 --for buyer --line 1:1:12900
                  heyi after-sale arbitrate 20260312-k3v9q0m2ab c1 --for seller --reason "the pictures show another cup"
                """)
        @OptionGroup var options: OperatorOptions
        @OptionGroup var names: CaseArguments
        @Option(help: "buyer or seller.") var `for`: String
        @Option(help: "LINE:PIECES:AMOUNT for the buyer.") var line: [LineArgument] = []
        @Option(help: "Why the seller is right.") var reason: String?

        func run() throws {
            try OrderCommands.act(
                "arbitrate", names.number,
                [
                    ("case", .string(names.id)), ("for", .string(`for`)), ("lines", line.isEmpty ? nil : .array(line.map(\.json))),
                    ("reason", reason.map(JSON.string)),
                ], options)
        }
    }
}

/// An order and one of its cases.
struct CaseArguments: ParsableArguments {
    @Argument(help: "The order.") var number: String
    @Argument(help: "The case, such as c1.") var id: String
}
