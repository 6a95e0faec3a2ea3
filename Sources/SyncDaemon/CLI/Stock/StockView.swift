import Commerce

/// Stock as people read it.
enum StockView {
    static let levels = ListView(
        columns: [
            .member("SKU", "sku", narrowest: 8), .member("WAREHOUSE", "warehouse"), .member("FREE", "free", right: true),
            .member("ON HAND", "on_hand", right: true), .member("RESERVED", "reserved", right: true), .member("SOLD", "sold", right: true),
            .member("RIGHTS", "rights", right: true), .member("SAFETY", "safety", right: true),
            .member("DAMAGED", "damaged", right: true), .member("COMING", "transit", right: true),
            .member("OWED", "backordered", right: true),
            .init("") { row, _ in row["low"]?.bool == true ? "low" : "" },
        ],
        nothing: "no stock yet: heyi stock move receive --help")

    static let entries = ListView(
        columns: [
            .member("ID", "id", right: true), .age("AGE", "at"), .member("WHAT", "kind"), .member("UNITS", "quantity", right: true),
            .init("WAY", narrowest: 12) { row, _ in way(row) }, .member("CAUSE", "cause", narrowest: 10), .member("BY", "author"),
            .member("WHY", "reason", narrowest: 8),
        ],
        nothing: "nothing of it was ever moved")

    static let holds = ListView(
        columns: [
            .member("OWNER", "owner", narrowest: 10), .member("LINE", "line"), .member("TRY", "attempt", right: true),
            .member("SKU", "sku", narrowest: 8), .member("WAREHOUSE", "warehouse"), .member("UNITS", "quantity", right: true),
            .init("STATE") { row, _ in row["in_doubt"]?.bool == true ? "in doubt" : ListView.text(row["state"]) },
            .due("ENDS", "expires_at"), .member("SHIPPED", "shipped", right: true), .member("BACK", "returned", right: true),
        ],
        nothing: "nothing is held")

    static let rights = ListView(
        columns: [
            .member("CHANNEL", "channel", narrowest: 8), .member("SKU", "sku", narrowest: 8), .member("WAREHOUSE", "warehouse"),
            .member("SELLS FROM", "published", right: true), .member("GRANTED", "granted", right: true),
            .member("GOING BACK", "withdrawing", right: true), .member("CAUSE", "withdrawal"),
            .init("TOLD") { row, _ in row["under_way"]?.bool == true ? "on its way" : ListView.text(row["told"]) },
            .init("PROMISED", narrowest: 10) { row, _ in row["error"]?.string ?? ListView.text(row["guarantee"]) },
        ],
        nothing: "no channel sells on its own: heyi stock rights grant --help")

    static let notices = ListView(
        columns: [
            .member("ID", "id", right: true), .age("AGE", "at"), .member("WHAT", "kind"), .member("SKU", "sku", narrowest: 8),
            .member("CHANNEL", "channel"), .member("UNITS", "quantity", right: true), .member("OWED", "owed", right: true),
            .member("CAUSE", "cause", narrowest: 10),
        ],
        nothing: "nothing waits for a person")

    static let warehouses = ListView(
        columns: [
            .member("ID", "id", narrowest: 6), .member("NAME", "name", narrowest: 6), .member("PLACE", "place", right: true),
            .init("") { row, _ in row["closed"]?.bool == true ? "closed" : "" },
        ],
        nothing: "there is no warehouse")

    private static func way(_ row: JSON) -> String {
        let (from, to) = (ListView.text(row["from_warehouse"]), ListView.text(row["to_warehouse"]))
        let accounts = "\(ListView.text(row["from"])) → \(ListView.text(row["to"]))"
        return from == to ? "\(accounts) at \(from)" : "\(accounts), \(from) → \(to)"
    }

    /// One SKU on a page.
    static func report(_ report: JSON, now: Timestamp = Terminal.now(), width: Int = Terminal.width) -> [String] {
        func rows(_ name: String) -> JSON { ["data": report[name] ?? []] }
        var lines = ["\(ListView.text(report["sku"])): \(ListView.text(report["available"])) available"]
        let shown = (report["shown"]?.array ?? []).map { "\(ListView.text($0["channel"])) \(ListView.text($0["quantity"]))" }
        if !shown.isEmpty { lines.append("shown: \(shown.joined(separator: ", "))") }
        lines += [""] + levels.lines(rows("levels"), now: now, width: width)
        for (name, view) in [("rights", rights), ("holds", holds), ("entries", entries)] where report[name]?.array?.isEmpty == false {
            lines += ["", name] + view.lines(rows(name), now: now, width: width)
        }
        return lines
    }

    static func moved(_ answer: JSON) -> [String] {
        if answer["result"]?.string == "known" { return ["known: this cause was worked off before, nothing was moved"] }
        let steps = answer["steps"]?.array ?? []
        if steps.isEmpty { return ["done: nothing to move"] }
        return steps.map { "\(ListView.text($0["quantity"])) \(ListView.text($0["from"])) → \(ListView.text($0["to"]))" }
    }

    static func held(_ answer: JSON) -> [String] {
        [ListView.text(answer["result"])] + holds.lines(["data": answer["holds"] ?? []])
    }

    static func audit(_ answer: JSON, repaired: Bool) -> [String] {
        let found = answer["data"]?.array ?? []
        if found.isEmpty { return [repaired ? "nothing to put right" : "all balances are the sum of their entries"] }
        let lines = found.map { "\(ListView.text($0["subject"])): \(ListView.text($0["problem"]))" }
        return lines + [repaired ? "put right \(found.count) by new entries: heyi stock audit" : "next: heyi stock audit --repair"]
    }
}
