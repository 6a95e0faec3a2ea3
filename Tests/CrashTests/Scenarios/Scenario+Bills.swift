import ChannelAdapters
import Commerce
import Mall
import Simulation
import Store

extension Life {
    /// The day everything happens on, by the service's calendar.
    static let billDay = billTerms.day(Timestamp(milliseconds: 1_760_000_000_000))

    /// Takes the bill of the day, and promises that it is kept from then on.
    func takeBill() throws {
        let reconciler = self.reconciler
        let report = try perform { _ in try await reconciler.preview(WiredService.name, Life.billDay) }
        try promiseBill(open: report.open.count)
    }

    /// The account's first look: days are looked for from now on.
    func seeAccount() throws {
        let reconciler = self.reconciler
        _ = try perform { _ in try await BillClerk(reconciler).work() }
    }

    /// The clerk looks for bills, also for those a failing disk has put off.
    func lookForBills() throws {
        let reconciler = self.reconciler
        for _ in 0..<8 {
            _ = try perform { _ in try await BillClerk(reconciler).work() }
            let now = outside.executor.now()
            let isDone = try read { reading throws(StoreError) in
                guard try reading.bill(WiredService.name, Life.billDay) != nil else { return false }
                return try reading.billDaysToCompare(WiredService.name, at: now).isEmpty
            }
            if isDone { return try promiseBill() }
            try wait(.seconds(21_600))
        }
    }

    /// Puts right what can be, and promises that it stays so.
    func settleBill() throws {
        let reconciler = self.reconciler
        let report = try perform { _ in try await reconciler.repair(WiredService.name, Life.billDay, by: "operator") }
        try promiseBill(open: report.open.count)
    }

    private func promiseBill(open: Int? = nil) throws {
        let lines = outside.services.bills[Life.billDay]?.lines.count ?? 0
        promise("the bill of \(Life.billDay)", stored: { reading throws(StoreError) in
            guard try reading.bill(WiredService.name, Life.billDay)?.lines.count == lines else { return false }
            guard let open else { return true }
            return try reading.billReport(WiredService.name, Life.billDay)?.open.count == open
        })
    }
}

extension Scenario {
    private static let at = Timestamp(milliseconds: 1_760_000_000_500)

    private static func line(_ kind: BillLine.Kind, _ transaction: String, _ number: String, _ amount: Int64) -> BillLine {
        BillLine(kind: kind, transaction: transaction, number: number, amount: Money(amount: amount, currency: Life.yuan), fee: 0, at: at)
    }

    private static func payment(_ transaction: String, _ amount: Int64) -> Payment {
        Payment(
            ref: PaymentRef(gateway: WiredService.name, transaction: transaction), attempt: EntityID("a1"),
            amount: Money(amount: amount, currency: Life.yuan))
    }

    private static func lists(_ lines: [BillLine]) -> Step { .outside { $0.services.bills[Life.billDay] = Bill(lines: lines) } }

    /// The account is looked after; 1-a is paid and heard of, 1-b is paid and nobody heard.
    private static let sold: [Step] = [
        .ask { life in try life.seeAccount() }, .ask { life in try life.tell(.paid(payment("t1", 300)), "1-a", judged: false) },
        .ask { life in try life.place("1-b", [(2, 2)]) }, .ask { life in try life.openThere("1-b", 200) },
        .outside { $0.services.attempts["1-b-a1"] = .paid(payment("t2", 200), at: at) },
        lists([line(.payment, "t1", "1-a-a1", 300), line(.payment, "t2", "1-b-a1", 200)]),
    ]

    /// What is found for the day, ended or not, and what 1-b has.
    private static func ends(_ found: [String], paid: Int64) -> @Sendable (Life) throws -> [String] {
        { life in
            try life.read { reading throws(StoreError) in
                let held = try reading.billDifferences(WiredService.name, Life.billDay)
                    .map { "\($0.difference.kind.rawValue) \($0.difference.movement.transaction) \($0.standing.rawValue)" }.sorted()
                var amiss = held == found ? [] : ["differences are \(held), not \(found)"]
                let money = try reading.requireOrder("1-b").state.money?.captured ?? 0
                if money != paid { amiss.append("1-b has \(money), not \(paid)") }
                let count = try reading.requireOrder("1-b").state.payments.count
                if count > 1 { amiss.append("1-b was paid \(count) times") }
                return amiss + (try reading.orderDifferences()).map { "\($0.order) \($0.problem)" }
            }
        }
    }

    private static let nextDay = Step.pass(86_400)

    /// Bills of a day: kept, compared and settled.
    static let bills: [Scenario] = [
        Scenario(
            name: "a day's bill is kept and compared", before: shopWithAccount + sold + [nextDay],
            steps: [.ask { life in try life.takeBill() }], outcome: ends(["missing-here t2 open"], paid: 0)),
        Scenario(
            name: "the clerk finds a day's bill by itself", before: shopWithAccount + sold + [nextDay],
            steps: [.ask { life in try life.lookForBills() }, .ask { life in try life.lookForBills() }],
            outcome: ends(["missing-here t2 open"], paid: 0)),
        Scenario(
            name: "what a bill lists and nobody heard of is asked after and learnt", before: shopWithAccount + sold + [nextDay],
            steps: [.ask { life in try life.takeBill() }, .ask { life in try life.settleBill() }],
            outcome: ends(["missing-here t2 repaired"], paid: 200)),
        Scenario(
            name: "a day's bill comes again in other words", before: shopWithAccount + sold + [nextDay],
            steps: [
                .ask { life in try life.takeBill() },
                .outside { $0.release("the bill") },
                lists([line(.payment, "t1", "1-a-a1", 300), line(.payment, "t2", "1-b-a1", 200), line(.payment, "t3", "9-x-a1", 50)]),
                .ask { life in try life.takeBill() },
            ], outcome: ends(["missing-here t2 open", "missing-here t3 open"], paid: 0)),
    ]
}
