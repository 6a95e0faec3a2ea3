@testable import ChannelAdapters
import ChannelSimulators
import Commerce
import Testing
import TestKit

@Suite struct StripeBillTests {
    private static let day = CalendarDay(at: StripeScene.noon)

    private func lines(_ scene: StripeScene, _ day: CalendarDay = day) async throws -> [BillLine] {
        guard case .bill(let bill) = await (try #require(scene.gateway.bills)).bill(of: day) else { return [] }
        return bill.lines
    }

    /// Three payments, one of them partly given back; then the day is over.
    private func scene() async throws -> (StripeScene, [Payment]) {
        let scene = try StripeScene()
        var payments: [Payment] = []
        for number in 1...3 {
            payments.append(try await scene.paid(try scene.attempt("a\(number)", Int64(number) * 1_000)))
            scene.time.advance(by: .seconds(60))
        }
        _ = await scene.payments.refund(try scene.refund(payments[0], 400), of: StripeScene.order)
        scene.time.advance(by: .seconds(86_400))
        return (scene, payments)
    }

    @Test func `a day's statement has every movement once, exact, with our numbers`() async throws {
        let (scene, payments) = try await scene()
        let lines = try await lines(scene)
        let paid = lines.filter { $0.kind == .payment }.sorted { $0.at < $1.at }
        #expect(paid.map(\.transaction) == payments.map(\.ref.transaction))
        #expect(paid.map(\.amount) == payments.map(\.amount))
        #expect(paid.map(\.fee) == [59, 88, 117])
        #expect(paid.map(\.number) == (1...3).map { "\(StripeScene.order)-a\($0)" })
        let back = lines.filter { $0.kind == .refund }
        #expect(back.count == 1 && back[0].amount.amount == 400 && back[0].number == "\(StripeScene.order)-r1")
        #expect(back[0].transaction == payments[0].ref.transaction && back[0].isFinal && back[0].reference?.hasPrefix("re_") == true)
        #expect(lines.count == 4)
    }

    @Test func `a statement comes when its day is over in UTC, and says when nothing moved`() async throws {
        let scene = try StripeScene()
        let bills = try #require(scene.gateway.bills)
        guard case .notYet = await bills.bill(of: Self.day) else { Issue.record("too soon"); return }
        scene.time.advance(by: .seconds(12 * 3_600))
        #expect(await bills.bill(of: Self.day) == .empty)
        try scene.control("dials", ["fail_before": 1_000])
        guard case .unknown = await bills.bill(of: Self.day) else { Issue.record("known"); return }
        try scene.control("dials", ["fail_before": 0])
        try scene.control("restrict", ["paths": ["/v1/balance_transactions"]])
        guard case .refused(let words) = await bills.bill(of: Self.day) else { Issue.record("allowed"); return }
        #expect(words.contains("403"))
    }

    @Test func `a day begins and ends at midnight in UTC, to the second`() async throws {
        let scene = try StripeScene()
        let start = Self.day.start().milliseconds
        for at in [start - 1_000, start, start + 86_399_000, start + 86_400_000] {
            try scene.control("plant", ["difference": "unknown", "amount": 7, "at": .integer(at)])
        }
        scene.time.advance(by: .seconds(3 * 86_400))
        #expect(try await lines(scene).map(\.at.milliseconds) == [start + 86_399_000, start])
        #expect(try await lines(scene, Self.day.next).count == 1)
        #expect(try await lines(scene, Self.day.previous).count == 1)
    }

    @Test(arguments: [1, 99, 100, 101, 200, 250]) func `a long statement is read to its end, a hundred at a time`(count: Int) async throws {
        let scene = try StripeScene()
        for _ in 0..<count { try scene.control("plant", ["difference": "unknown", "amount": 7]) }
        scene.time.advance(by: .seconds(86_400))
        let lines = try await lines(scene)
        #expect(lines.count == count && Set(lines.map(\.transaction)).count == count)
        #expect(scene.wire.requests.count == (count + 99) / 100)
    }

    @Test func `whatever differs on the platform's side differs in what is read`() async throws {
        for word in ["missing", "twice", "amount", "fee", "currency", "day", "unknown", "refund"] {
            let (scene, payments) = try await scene()
            let before = try await lines(scene)
            let name = JSON.string(payments[1].ref.transaction)
            let at = JSON.integer(StripeScene.noon.milliseconds)
            try scene.control("plant", word == "unknown" || word == "refund" ? ["difference": .string(word), "at": at] : ["difference": .string(word), "transaction": name])
            let after = try await lines(scene)
            let mine = after.filter { $0.transaction == payments[1].ref.transaction }
            switch word {
            case "missing", "day": #expect(after.count == before.count - 1 && mine.isEmpty)
            case "twice": #expect(after.count == before.count + 1 && mine.count == 2)
            case "amount": #expect(mine.map(\.amount.amount) == [2_100])
            case "fee": #expect(mine.map(\.fee) == [188])
            case "currency": #expect(after.count == before.count && mine.isEmpty && after.contains { $0.amount.currency.code == "EUR" })
            case "unknown": #expect(after.count == before.count + 1 && after.contains { $0.kind == .payment && $0.number == nil && $0.amount.amount == 1_234 })
            default: #expect(after.count == before.count + 1 && after.contains { $0.kind == .refund && $0.number == nil && $0.amount.amount == 1_234 })
            }
            guard word == "day" else { continue }
            scene.time.advance(by: .seconds(86_400))
            #expect(try await lines(scene, Self.day.next).map(\.transaction) == [payments[1].ref.transaction])
        }
    }

    @Test func `a dispute stands on it with its cost, and what comes back is no second one`() async throws {
        let (scene, payments) = try await scene()
        for stage in ["opened", "won"] { try scene.control("dispute", ["number": .string("\(StripeScene.order)-a2"), "stage": .string(stage)]) }
        scene.time.advance(by: .seconds(86_400))
        let lines = try await lines(scene, Self.day.next)
        #expect(lines.map(\.kind) == [.other, .dispute])
        #expect(lines.map(\.transaction) == [payments[1].ref.transaction, payments[1].ref.transaction])
        #expect(lines.map(\.fee) == [0, 1_500] && lines.map(\.amount.amount) == [2_000, 2_000])
    }

    @Test func `a refund under way is not final yet`() async throws {
        let scene = try StripeScene()
        let payment = try await scene.paid(try scene.attempt())
        try scene.control("dials", ["refund_takes_ms": .integer(5 * 86_400_000)])
        _ = await scene.payments.refund(try scene.refund(payment, 5), of: StripeScene.order)
        scene.time.advance(by: .seconds(86_400))
        #expect(try await lines(scene).filter { $0.kind == .refund }.map(\.isFinal) == [false])
        scene.time.advance(by: .seconds(5 * 86_400))
        #expect(try await lines(scene).filter { $0.kind == .refund }.map(\.isFinal) == [true])
    }

    @Test func `a payment in another currency than the balance's is told as it was paid, its cost beside it`() throws {
        let amounts = try StripeAmounts(changes: "")
        let lines = try StripeMovement(
            StripeObject([
                "id": "txn_1", "amount": 1_234, "fee": 66, "currency": "usd", "exchange_rate": .decimal("0.00685"), "created": 1_780_315_200, "type": "charge",
                "source": ["id": "ch_1", "object": "charge", "amount": 180_000, "currency": "jpy", "payment_intent": "pi_1", "metadata": ["heyi_number": "o-a1"]],
            ]), amounts
        ).lines
        #expect(lines.map(\.amount.description) == ["180000 JPY", "0.00 USD"])
        #expect(lines.map(\.fee) == [0, 66] && lines.map(\.kind) == [.payment, .other] && lines.map(\.transaction) == ["pi_1", "pi_1"])
    }

    @Test func `payouts and the platform's own costs are told as something else`() throws {
        let amounts = try StripeAmounts(changes: "")
        for type in ["payout", "stripe_fee", "refund_failure", "something_new"] {
            let line = try StripeMovement(
                StripeObject(["id": "txn_1", "amount": -5_000, "fee": -3, "currency": "usd", "created": 1, "type": .string(type), "source": "po_1"]), amounts
            ).lines
            #expect(line.map(\.kind) == [.other] && line.map(\.amount.amount) == [5_000] && line.map(\.fee) == [-3] && line.map(\.transaction) == ["txn_1"])
        }
    }

    @Test func `a movement that cannot be read is no movement, whatever is wrong with it`() throws {
        let amounts = try StripeAmounts(changes: "")
        let good: JSON = [
            "id": "txn_1", "amount": 5_000, "fee": 3, "currency": "usd", "created": 1, "type": "charge",
            "source": ["id": "ch_1", "object": "charge", "amount": 5_000, "currency": "usd", "payment_intent": "pi_1", "metadata": ["heyi_number": "o-a1"]],
        ]
        for path in StripeEventTests.paths(of: good) {
            for value in [nil, .null, -1, .integer(.max), .integer(.min), .decimal("1e9"), "", "x y", [], [:]] as [JSON?] {
                let wrong = StripeEventTests.putting(value, at: path[...], in: good)
                do { _ = try StripeMovement(StripeObject(wrong), amounts) } catch { continue }
            }
        }
        for name in ["id", "amount", "fee", "currency", "created", "type"] {
            #expect(throws: ValidationFailure.self) { try StripeMovement(StripeObject(StripeEventTests.putting(nil, at: [name], in: good)), amounts) }
        }
    }

    @Test func `a list that never ends or goes round is no statement`() async throws {
        for body in ["{\"data\":[],\"has_more\":true}", "{\"has_more\":false}", "{\"data\":{},\"has_more\":false}", "{\"data\":[{}],\"has_more\":true}", "{\"data\":[]}", "[]"] {
            #expect(throws: StripeFault.self) { try StripePage(try StripeExchange.read(HTTPResponse(status: 200, headers: [], body: Array(body.utf8))).object) }
        }
    }
}
