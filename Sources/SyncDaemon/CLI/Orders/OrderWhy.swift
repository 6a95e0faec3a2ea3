import Commerce

/// Explains each number of an order: what a line costs and why, where the money is, where the goods are, why it stands where it does.
enum OrderWhy {
    static func lines(_ order: JSON, now: Timestamp = Terminal.now()) -> [String] {
        let currency = order["money"]?["currency"]?.string.flatMap { Currency($0) } ?? .yuan
        var out = ["order \(text(order["number"])): \(text(order["state"]))", "  because of \(cause(order, now: now))"]
        for (index, line) in (order["lines"]?.array ?? []).enumerated() { out += price(line, at: index, order, currency) }
        out += money(order, currency) + goods(order) + later(order, now: now)
        let problems = (order["problems"]?.array ?? []).map { "  ! \(text($0))" }
        return out + (problems.isEmpty ? [] : ["", "somebody should look at"] + problems)
    }

    /// The last thing that happened to it.
    private static func cause(_ order: JSON, now: Timestamp) -> String {
        guard let last = order["timeline"]?.array?.last else { return "nothing that is known" }
        return "\(text(last["key"])) by \(text(last["by"])), \(Age.since(last["at"], now: now)) ago; it has \(text(order["version"])) facts"
    }

    private static func price(_ line: JSON, at index: Int, _ order: JSON, _ currency: Currency) -> [String] {
        let payable = line["payable"]?.integer ?? 0
        var out = ["", "line \(text(line["line"])): \(text(line["title"])) × \(text(line["quantity"])) pays \(Money(amount: payable, currency: currency))"]
        var sum: Int64 = 0
        for step in order["steps"]?.array ?? [] {
            let share = (step["lines"]?.array ?? []).first { $0.array?.first?.integer == Int64(index) }?.array?.last?.integer ?? 0
            guard share != 0 else { continue }
            // What is within the price already adds nothing.
            let isWithin = step["step"]?.string == "tax" && (line["tax"]?.integer ?? 0) == share && sum == payable
            if !isWithin { sum += share }
            let words = [text(step["rule"]), text(step["words"])].filter { $0 != "-" }.joined(separator: ": ")
            out.append("  \(DisplayWidth.fit(text(step["step"]), 10)) \(Money(amount: share, currency: currency))\(isWithin ? " within it" : "")  \(words)")
        }
        if (order["steps"]?.array ?? []).isEmpty { out.append("  as its channel said: \(text(line["unit"])) each") }
        return out
    }

    private static func money(_ order: JSON, _ currency: Currency) -> [String] {
        guard let sums = order["money"], !sums.isNull else { return [] }
        func sum(_ name: String) -> Money { Money(amount: sums[name]?.integer ?? 0, currency: currency) }
        var out = ["", "money: it costs \(sum("total")), \(sum("paid")) came in, \(sum("refunded")) went back, \(sum("missing")) is missing"]
        for payment in order["payments"]?.array ?? [] {
            out.append("  + \(amount(payment["amount"])) by \(text(payment["gateway"]))/\(text(payment["transaction"]))")
        }
        for refund in order["refunds"]?.array ?? [] {
            let stage = refund["stage"]?.string ?? (refund["settled"]?.bool == true ? "settled" : "planned")
            out.append("  − \(amount(refund["amount"])) by \(text(refund["at_gateway"])) because of \(text(refund["reason"])): \(stage)")
        }
        return out
    }

    private static func goods(_ order: JSON) -> [String] {
        var out: [String] = []
        for hold in order["holds"]?.array ?? [] {
            let state = hold["in_doubt"]?.bool == true ? "in doubt" : text(hold["state"])
            out.append(
                "  \(text(hold["quantity"])) of \(text(hold["sku"])) from \(text(hold["warehouse"])): \(state)"
                    + note(hold, "shipped", "left") + note(hold, "unsold", "called off") + note(hold, "returned", "came back"))
        }
        for line in order["lines"]?.array ?? [] {
            for back in line["returned"]?.array ?? [] {
                out.append("  \(text(back["pieces"])) of line \(text(line["line"])) came back, and somebody found it \(text(back["as"]))")
            }
        }
        return out.isEmpty ? [] : ["", "goods (heyi stock entries SKU shows each movement)"] + out
    }

    private static func note(_ hold: JSON, _ name: String, _ word: String) -> String {
        guard let number = hold[name]?.integer, number > 0 else { return "" }
        return ", \(number) \(word)"
    }

    private static func later(_ order: JSON, now: Timestamp) -> [String] {
        let timers = (order["timers"]?.array ?? []).filter { $0["done_at"]?.integer == nil }
        guard !timers.isEmpty else { return [] }
        return ["", "by itself"] + timers.map { "  \(text($0["kind"])) \(Age.until($0["due_at"], now: now))" }
    }

    private static func amount(_ value: JSON?) -> String {
        guard let amount = value?["amount"]?.integer, let currency = value?["currency"]?.string.flatMap({ Currency($0) }) else { return "-" }
        return Money(amount: amount, currency: currency).description
    }

    private static func text(_ value: JSON?) -> String { PlainText.escaped(ListView.text(value)) }
}
