import ArgumentParser
import Commerce
import Foundation

struct PriceCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "price", abstract: "Show, set and try rules of prices.",
        discussion: """
            Prices of single goods are units of the catalog; rules are what is done to them: tiers, time discounts, promotions,
            coupons, points, freight and tax, always in that order.

            Examples:
              heyi price list
              heyi price try --channel web --line cup-blue:2
            """,
        subcommands: [List.self, Show.self, Put.self, Drop.self, Try.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show rules of prices.", discussion: "Example:\n  heyi price list --kind promotion")
        @OptionGroup var options: OperatorOptions
        @OptionGroup var page: PageOptions
        @Option(help: "tier, time, promotion, coupon, points, freight or tax.") var kind: String?

        func run() throws {
            try options.ask(.init(target: SocketClient.target("price-rules", page.query + [("kind", kind)]))) { PriceView.rules.lines($0) }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one rule as it is set.", discussion: "Example:\n  heyi price show spring")
        @OptionGroup var options: OperatorOptions
        @Argument(help: "The rule.") var id: String

        func run() throws {
            try options.ask(.init(target: SocketClient.target("price-rules/\(SocketClient.encoded(id))"))) { rule in
                (rule.object.map { $0.map { "\($0.name): \(PlainText.escaped($0.value.text))" } }) ?? []
            }
        }
    }

    struct Put: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set a rule from a file, or from standard input with -.",
            discussion: """
                Quotes that were given stay as they are. --version refuses when somebody else changed it meanwhile.

                Examples:
                  heyi price put spring spring.json
                  echo '{"kind":"promotion","name":"满300减50","threshold":30000,"amount_off":5000}' | heyi price put full300 -
                """)
        @OptionGroup var options: OperatorOptions
        @Argument(help: "The rule's id: a-z 0-9 - _.") var id: String
        @Argument(help: "A file with the rule as JSON, or -.") var file: String
        @Option(help: "The version it was changed from; 0 for a new one.") var version: Int?

        func run() throws {
            let bytes = file == "-" ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: file)
            guard let bytes else { throw ValidationError("cannot read \(file)") }
            let value: JSON
            do throws(JSONError) { value = try JSON.parse([UInt8](bytes)) } catch { throw ValidationError("\(file) is no JSON: \(error)") }
            let target = SocketClient.target("price-rules/\(SocketClient.encoded(id))", [("version", version.map { String($0) })])
            try options.ask(.init(method: "PUT", target: target, body: .json(value))) { rule in
                ["\(id) is at version \(ListView.text(rule["version"])): heyi price try --help"]
            }
        }
    }

    struct Drop: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a rule out of force.", discussion: "Example:\n  heyi price drop spring")
        @OptionGroup var options: OperatorOptions
        @Argument(help: "The rule.") var id: String

        func run() throws {
            try options.ask(.init(method: "DELETE", target: SocketClient.target("price-rules/\(SocketClient.encoded(id))"))) { _ in
                ["\(id) holds for no new quote"]
            }
        }
    }

    struct Try: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what a basket would cost and how each number comes about.",
            discussion: """
                Nothing is promised or held by it.

                Examples:
                  heyi price try --channel web --line cup-blue:2 --line tea-250g:1
                  heyi price try --channel web --member ann --line cup-blue:2 --coupon spring.0001 --to CN/31
                """)
        @OptionGroup var options: OperatorOptions
        @Option(help: "Where it is bought.") var channel: String
        @Option(help: "SKU or SKU:PIECES, as often as needed.") var line: [String]
        @Option(help: "Who buys.") var member: String?
        @Option(help: "A coupon, as often as needed.") var coupon: [String] = []
        @Option(help: "Points to pay with.") var points = 0
        @Option(help: "Where it goes, from the greatest to the smallest: CN/31/01.") var to: String?
        @Option(help: "The currency; as configured when left out.") var currency: String?

        func run() throws {
            var lines: [JSON] = []
            for text in line {
                let parts = text.split(separator: ":", maxSplits: 1)
                guard let sku = parts.first, let pieces = parts.count > 1 ? Int64(parts[1]) : 1 else {
                    throw ValidationError("--line \(text): write SKU or SKU:PIECES")
                }
                lines.append(["sku": .string(String(sku)), "quantity": .integer(pieces)])
            }
            var body = JSONObject([("channel", .string(channel)), ("lines", .array(lines))])
            body["member"] = member.map(JSON.string)
            if !coupon.isEmpty { body["coupons"] = .array(coupon.map(JSON.string)) }
            if points > 0 { body["points"] = .integer(Int64(points)) }
            body["destination"] = to.map { .array($0.split(separator: "/").map { .string(String($0)) }) }
            body["currency"] = currency.map(JSON.string)
            try options.ask(.init(method: "POST", target: SocketClient.target("price-trials"), body: .json(.object(body)))) {
                PriceView.trial($0)
            }
        }
    }
}

struct CouponCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coupon", abstract: "Issue coupons, points and places in promotions, and show what a member has.",
        discussion: "Examples:\n  heyi coupon issue coupon spring.0001 --member ann --cause mail-17\n  heyi coupon list ann",
        subcommands: [Issue.self, List.self])

    struct Issue: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give something out; the same cause again gives nothing.",
            discussion: """
                A coupon is RULE.SERIAL of a coupon rule; points are named by their member; a quota by its promotion's rule.

                Examples:
                  heyi coupon issue coupon spring.0001 --member ann --cause mail-17
                  heyi coupon issue points ann --member ann --quantity 500 --cause review-9
                  heyi coupon issue quota flash --quantity 100 --cause flash-2026-11
                """)
        @OptionGroup var options: OperatorOptions
        @Argument(help: "coupon, points or quota.") var kind: String
        @Argument(help: "Its name.") var id: String
        @Option(help: "How many.") var quantity = 1
        @Option(help: "Whose it is.") var member: String?
        @Option(help: "What it is given for.") var cause: String

        func run() throws {
            var body = JSONObject([
                ("kind", .string(kind)), ("id", .string(id)), ("quantity", .integer(Int64(quantity))), ("cause", .string(cause)),
            ])
            body["member"] = member.map(JSON.string)
            try options.ask(.init(method: "POST", target: SocketClient.target("entitlements"), body: .json(.object(body)))) {
                PriceView.entitlements.lines(["data": [$0]])
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what a member has.", discussion: "Example:\n  heyi coupon list ann")
        @OptionGroup var options: OperatorOptions
        @Argument(help: "The member.") var member: String

        func run() throws {
            try options.ask(.init(target: SocketClient.target("entitlements", [("member", member)]))) { PriceView.entitlements.lines($0) }
        }
    }
}

/// Prices as people read them.
enum PriceView {
    static let rules = ListView(
        columns: [
            .member("RULE", "id", narrowest: 8), .member("KIND", "kind"), .member("NAME", "name", narrowest: 8),
            .member("VERSION", "version", right: true), .due("BEGINS", "begins"), .due("ENDS", "ends"),
        ],
        nothing: "no rules: heyi price put --help")

    static let entitlements = ListView(
        columns: [
            .member("KIND", "kind"), .member("NAME", "id", narrowest: 8), .member("THERE", "available", right: true),
            .member("HELD", "held", right: true), .member("USED", "claimed", right: true), .due("ENDS", "ends_at"),
        ],
        nothing: "nothing was issued")

    static func trial(_ trial: JSON) -> [String] {
        let currency = trial["currency"]?.string.flatMap { Currency($0) }
        func money(_ value: JSON?) -> String {
            guard let amount = value?.integer, let currency else { return "-" }
            return Money(amount: amount, currency: currency).description
        }
        var lines = (trial["lines"]?.array ?? []).map { line in
            "\(text(line["line"])). \(text(line["title"])) × \(text(line["quantity"])): \(money(line["payable"]))"
        }
        lines.append("")
        for step in trial["steps"]?.array ?? [] {
            lines.append("  \(text(step["step"])): \(money(step["amount"]))  \(text(step["words"]))")
        }
        return lines + ["", "to be paid: \(money(trial["total"]))"]
    }

    private static func text(_ value: JSON?) -> String { PlainText.escaped(ListView.text(value)) }
}
