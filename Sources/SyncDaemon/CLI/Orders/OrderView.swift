import Commerce

/// Orders as people read them.
enum OrderView {
    static let heads = ListView(
        columns: [
            .member("NUMBER", "number", narrowest: 12), .member("CHANNEL", "channel"), .member("ITS NUMBER", "external_number"),
            .member("STATE", "state"), .init("TOTAL", right: true) { row, _ in money(row["total"]) }, .age("PLACED", "placed_at"),
            .init("LOOK AT") { row, _ in
                let cases = row["cases"]?.integer ?? 0
                let problems = row["problems"]?.integer ?? 0
                return [cases > 0 ? "\(cases) cases" : "", problems > 0 ? "\(problems) problems" : ""].filter { !$0.isEmpty }.joined(separator: ", ")
            },
        ],
        nothing: "no order fits")

    static let timers = ListView(
        columns: [
            .member("ORDER", "order", narrowest: 12), .member("WHAT", "kind"), .member("CASE", "case"), .due("DUE", "due_at"),
            .due("LOOKED AT", "look_at"), .member("TRIES", "tries", right: true), .member("WHY LATER", "told", narrowest: 10),
        ],
        nothing: "nothing waits")

    private static let lines = ListView(
        columns: [
            .member("LINE", "line", right: true), .member("GOODS", "title", narrowest: 8), .member("SKU", "sku", narrowest: 6),
            .member("PIECES", "quantity", right: true), .member("UNIT", "unit", right: true), .member("OFF", "reduction", right: true),
            .member("FREIGHT", "freight", right: true), .member("PAYS", "payable", right: true), .member("SENT", "shipped", right: true),
            .member("OFF", "called_off", right: true), .member("BACK", "refunded", right: true),
        ],
        nothing: "no lines are known yet")

    static func money(_ value: JSON?) -> String {
        guard let amount = value?["amount"]?.integer, let code = value?["currency"]?.string, let currency = Currency(code) else { return "-" }
        return Money(amount: amount, currency: currency).description
    }

    static func pieces(_ lines: JSON?) -> String {
        (lines?.array ?? []).map { "\(text($0["pieces"])) of line \(text($0["line"]))" }.joined(separator: ", ")
    }

    /// One order on a page.
    static func report(_ order: JSON, now: Timestamp = Terminal.now(), width: Int = Terminal.width) -> [String] {
        var out = ["order \(text(order["number"])): \(text(order["state"]))"]
        if let buyer = order["buyer"], !buyer.isNull {
            let region = (buyer["region"]?.array ?? []).map { text($0) }.joined(separator: " ")
            out.append("for \(text(buyer["name"])), \(text(buyer["phone"])), \(region) \(text(buyer["address"]))")
        }
        if let money = order["money"], !money.isNull { out.append(sums(money)) }
        for problem in order["problems"]?.array ?? [] { out.append("! \(text(problem))") }
        out += [""] + lines.lines(["data": order["lines"] ?? []], now: now, width: width)
        out += section("paid", order["payments"]) { "\(text($0["gateway"]))/\(text($0["transaction"])): \(money($0["amount"])), \(text($0["promised_back"])) promised back" }
        out += section("may be paid right now", unknown(order["attempts"])) { "\(text($0["attempt"])) at \(text($0["gateway"])): \(money($0["amount"]))" }
        out += section("parcels", order["parcels"]) {
            "\(text($0["parcel"])): \(text($0["carrier"])) \(text($0["tracking"])), \(pieces($0["lines"]))\($0["delivered_at"]?.integer == nil ? "" : ", delivered")"
        }
        out += section("cases", order["cases"]) { "\(text($0["case"])): \(text($0["kind"])), \(text($0["state"])): \(text($0["reason"]))" }
        out += section("refunds", order["refunds"]) {
            "\(text($0["refund"])): \(money($0["amount"])) to \(text($0["gateway"]))/\(text($0["transaction"])), \(text($0["stage"]))"
                + ($0["told"]?.string.map { ": \(PlainText.escaped($0))" } ?? "")
        }
        out += section("timers", order["timers"]) { "\(text($0["kind"])) due \(Age.until($0["due_at"], now: now))" }
        out += section("what happened", order["timeline"]) { "\(Age.since($0["at"], now: now)) ago  \(text($0["key"])) by \(text($0["by"]))" }
        return out
    }

    private static func sums(_ money: JSON) -> String {
        let code = text(money["currency"])
        func part(_ name: String, _ word: String) -> String? {
            guard let amount = money[name]?.integer, amount != 0, let currency = Currency(code) else { return nil }
            return "\(word) \(Money(amount: amount, currency: currency))"
        }
        return [
            part("total", "costs"), part("paid", "paid"), part("missing", "missing"), part("promised_back", "promised back"),
            part("refunded", "gone back"), part("owed_back", "owed back"),
        ].compactMap { $0 }.joined(separator: ", ")
    }

    private static func unknown(_ attempts: JSON?) -> JSON { .array((attempts?.array ?? []).filter { $0["end"]?.string == "unknown" }) }

    private static func section(_ title: String, _ rows: JSON?, _ line: (JSON) -> String) -> [String] {
        let rows = rows?.array ?? []
        return rows.isEmpty ? [] : ["", title] + rows.map { "  " + line($0) }
    }

    private static func text(_ value: JSON?) -> String { PlainText.escaped(ListView.text(value)) }
}
