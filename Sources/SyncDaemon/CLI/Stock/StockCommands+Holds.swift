import ArgumentParser
import Commerce

extension StockCommands {
    struct Holds: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what is held and what was bought.",
            discussion: "Examples:\n  heyi stock holds --state open\n  heyi stock holds --sku TEA-250G")
        @OptionGroup var options: OperatorOptions
        @OptionGroup var page: PageOptions
        @Option(help: "Only this SKU.") var sku: String?
        @Option(help: "Only open, claimed, released or expired.") var state: String?

        func run() throws {
            let target = SocketClient.target("holds", page.query + [("sku", sku), ("state", state)])
            try options.ask(.init(target: target)) { StockView.holds.lines($0) }
        }
    }

    struct Hold: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Hold goods for somebody, all of them or none.",
            discussion: """
                Each is a SKU and how many, with a colon in between. Under the same owner and attempt the same is held once.

                Examples:
                  heyi stock hold order/2026-17 TEA-250G:2 CUP-1:1
                  heyi stock hold fair/spring TEA-250G:10 --minutes 1440
                """)
        @OptionGroup var options: OperatorOptions
        @Argument(help: "Whose they are to be, such as order/2026-17.") var owner: String
        @Argument(help: "SKU:QUANTITY, as often as needed.") var goods: [String]
        @Option(help: "For how long, 1 to 10080.") var minutes = 15
        @Option(help: "Which try of this owner it is.") var attempt = 0
        @Option(help: "Through which channel: what is fenced off for it counts.") var channel: String?

        private var lines: [JSON] {
            get throws {
                try goods.enumerated().map { index, text in
                    guard let colon = text.lastIndex(of: ":"), let quantity = Int64(text[text.index(after: colon)...]) else {
                        throw ValidationError("\(text) must be SKU:QUANTITY, for example TEA-250G:2")
                    }
                    return ["line": .string(String(index + 1)), "sku": .string(String(text[..<colon])), "quantity": .integer(quantity)]
                }
            }
        }

        func validate() throws { _ = try lines }

        func run() throws {
            var body = JSONObject([
                ("owner", .string(owner)), ("attempt", .integer(Int64(attempt))), ("lines", .array(try lines)),
                ("minutes", .integer(Int64(minutes))),
            ])
            body["channel"] = channel.map(JSON.string)
            try options.ask(.init(method: "POST", target: SocketClient.target("holds"), body: .json(.object(body)))) {
                StockView.held($0)
            }
        }
    }

    struct Release: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give back what somebody holds; refused while nobody knows whether they paid.",
            discussion: "Example:\n  heyi stock release order/2026-17")
        @OptionGroup var options: OperatorOptions
        @Argument(help: "Whose they are.") var owner: String
        @Option(help: "Only this try of theirs.") var attempt: Int?

        func run() throws {
            var body = JSONObject([("owner", .string(owner))])
            body["attempt"] = attempt.map { .integer(Int64($0)) }
            try options.ask(.init(method: "POST", target: SocketClient.target("holds/release"), body: .json(.object(body)))) {
                StockView.held($0)
            }
        }
    }
}
