import ArgumentParser
import Commerce

struct ReconcileCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile", abstract: "Compare channels with the master, and payments with their gateways' bills.",
        discussion: """
            Examples:
              heyi reconcile web
              heyi reconcile payments --date 2026-11-30
            """,
        subcommands: [ReconcileCommand.self, ReconcilePaymentsCommand.self], defaultSubcommand: ReconcileCommand.self)
}

struct ReconcilePaymentsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "payments", abstract: "Compare a day's payments, refunds and fees with the gateways' bills.",
        discussion: """
            The daemon does this by itself once a day's bill is there. This takes the bill now, says what differs and what can be
            done about it, and changes nothing; --repair does what needs no person. Exit code 0: all fits, 1: something is open.

            Examples:
              heyi reconcile payments --date 2026-11-30
              heyi reconcile payments --date 2026-11-30 --gateway wxpay --repair
              heyi reconcile payments --explain 17 --reason "test payment of our own"
            """)

    @OptionGroup var options: OperatorOptions
    @Option(help: "The day in the gateway's own calendar: yyyy-mm-dd.") var date: String?
    @Option(help: "The account. Default: all that have bills.") var gateway: String?
    @Flag(help: "Do what can be done about the differences without a person.") var repair = false
    @Flag(help: "Show what was found last, without asking the gateway.") var report = false
    @Option(help: "Say of a difference, by its number, that it is none.") var explain: Int?
    @Option(help: "With --explain: why.") var reason: String?

    func validate() throws {
        if explain != nil {
            guard let reason, !reason.isEmpty else { throw ValidationError("--explain goes with --reason: say why it is no difference") }
            return
        }
        guard let date else { throw ValidationError("say which day: --date 2026-11-30") }
        guard CalendarDay(date) != nil else { throw ValidationError("--date must be a day such as 2026-11-30, got \(date)") }
        if repair, report { throw ValidationError("--report changes nothing and does not go with --repair") }
    }

    func run() throws {
        if let explain, let reason {
            let target = SocketClient.target("bill-differences/\(explain)/explanation")
            return try options.ask(.init(method: "POST", target: target, body: .json(["reason": .string(reason)]))) { answer in
                ["difference \(explain) is \(ListView.text(answer["state"]))"]
            }
        }
        guard let date else { return }
        var isOpen = false
        for name in try names() {
            let path = "bills/\(SocketClient.encoded(name))/\(date)"
            let request: SocketClient.Request =
                report ? .init(target: SocketClient.target(path))
                : .init(method: "POST", target: SocketClient.target("\(path)/\(repair ? "repair" : "look")"))
            try options.ask(request) { answer in
                if answer["state"] != "matched", answer["state"] != "empty" { isOpen = true }
                return ReconcilePaymentsCommand.lines(answer)
            }
        }
        if isOpen { throw ExitStatus.degraded.exit }
    }

    private func names() throws -> [String] {
        if let gateway { return [gateway] }
        var names: [String] = []
        try CommandFailure.explained {
            let list = try JSON.parse(try options.client.bytes(.init(target: SocketClient.target("bills"))))
            names = (list["data"]?.array ?? []).compactMap(\.string)
        }
        if names.isEmpty { Terminal.say("no account has bills; declare one in the configuration under gateways") }
        return names
    }

    static func lines(_ report: JSON) -> [String] {
        func text(_ value: JSON?) -> String { PlainText.escaped(ListView.text(value)) }
        var lines = ["\(text(report["gateway"])) \(text(report["day"])): \(text(report["state"]))"]
        if report["told"]?.string != nil { lines.append("  no bill: \(text(report["told"]))") }
        for sum in report["sums"]?.array ?? [] {
            lines.append(
                "  \(text(sum["kind"])): \(text(sum["count"])) of \(money(sum, "amount")), fees \(money(sum, "fee"));"
                    + " in our books \(text(sum["matched_count"])) of \(money(sum, "matched_amount"))")
        }
        for row in report["differences"]?.array ?? [] where row["state"] == "open" || row["state"] == "pending" {
            lines.append(
                "  #\(text(row["number"])) \(text(row["class"])) (\(text(row["state"]))): \(text(row["kind"])) \(text(row["transaction"]))"
                    + (row["order"] == nil ? "" : " of order \(text(row["order"]))"))
            lines.append("      here: \(side(row["here"]))")
            lines.append("      there: \(side(row["there"]))")
            lines.append("      to do: \(PlainText.escaped(BillRepair(row["repair"] ?? .null)?.words ?? text(row["repair"])))")
        }
        return lines
    }

    /// What one side says of a movement, with amounts as people write them.
    private static func side(_ value: JSON?) -> String {
        switch value {
        case nil, .null: return "nothing"
        case .array(let values): return values.map(side).joined(separator: " | ")
        case .object(let object):
            let words = object.members.map { member in
                if member.value["currency"] != nil { return "\(member.name) \(OrderView.money(member.value))" }
                let isAmount = object["currency"] != nil && ["amount", "fee"].contains(member.name)
                return "\(member.name) \(isAmount ? money(value, member.name) : ListView.text(member.value))"
            }
            return PlainText.escaped(words.joined(separator: ", "))
        case let other: return PlainText.escaped(ListView.text(other))
        }
    }

    private static func money(_ value: JSON?, _ name: String) -> String {
        guard let amount = value?[name]?.integer, let currency = value?["currency"]?.string.flatMap({ Currency($0) }) else {
            return ListView.text(value?[name])
        }
        return Money(amount: amount, currency: currency).description
    }
}
