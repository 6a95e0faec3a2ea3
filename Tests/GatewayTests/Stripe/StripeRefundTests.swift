@testable import ChannelAdapters
import ChannelSimulators
import Commerce
import Testing
import TestKit

@Suite struct StripeRefundTests {
    private static let order = StripeScene.order

    @Test func `parts go back up to the whole and no further`() async throws {
        let scene = try StripeScene()
        let payment = try await scene.paid(try scene.attempt("a1", 1_000))
        for (number, amount) in [("r1", 300), ("r2", 600), ("r3", 100)] as [(String, Int64)] {
            #expect(await scene.payments.refund(try scene.refund(payment, amount, number), of: Self.order) == .settled)
        }
        guard case .refused(let reason) = await scene.payments.refund(try scene.refund(payment, 1, "r4"), of: Self.order) else { Issue.record("too much"); return }
        #expect(reason.contains("charge_already_refunded"))
        #expect(try scene.ledger()["payments"]?.array?.first?["refunded"] == 1_000)
        let news = try scene.news().filter { if case .refund = $0 { true } else { false } }
        #expect(news == ["r1", "r2", "r3"].map { .refund(number: "\(Self.order)-\($0)", .settled) })
    }

    @Test func `a refund has one effect however long after it is sent again, and whoever sends it`() async throws {
        let scene = try StripeScene()
        let refund = try scene.refund(try await scene.paid(try scene.attempt()), 345)
        for lost in [1, 0] {
            scene.wire.lose(lost)
            guard case .unknown = await scene.payments.refund(refund, of: Self.order) else { Issue.record("known"); return }
        }
        scene.time.advance(by: .seconds(40 * 3_600))
        let later = try scene.reborn()
        for _ in 0..<3 { #expect(await later.refund(refund, of: Self.order) == .settled) }
        #expect(try scene.ledger()["refunds"]?.array?.count == 1)
        #expect(try scene.ledger()["effects"]?["refunded \(Self.order)-r1"] == 1)
    }

    @Test func `a refund is found behind a hundred others of its payment`() async throws {
        let scene = try StripeScene()
        let payment = try await scene.paid(try scene.attempt("a1", 100_000))
        let first = try scene.refund(payment, 10, "r1")
        #expect(await scene.payments.refund(first, of: Self.order) == .settled)
        for number in 2...205 { _ = await scene.payments.refund(try scene.refund(payment, 10, "r\(number)"), of: Self.order) }
        scene.time.advance(by: .seconds(2 * 86_400))
        #expect(await scene.payments.refund(first, of: Self.order) == .settled)
        #expect(try scene.ledger()["refunds"]?.array?.count == 205)
    }

    @Test func `a refusal that is kept under the key stands in nobody's way once there is money`() async throws {
        let scene = try StripeScene()
        let refund = try scene.refund(try await scene.paid(try scene.attempt()), 345)
        try scene.control("dials", ["refuse_refunds": 1_000])
        for _ in 0..<4 {
            guard case .refused(let reason) = await scene.payments.refund(refund, of: Self.order) else { Issue.record("not refused"); return }
            #expect(reason.contains("balance_insufficient"))
        }
        try scene.control("dials", ["refuse_refunds": 0])
        scene.wire.lose(5)
        guard case .unknown = await scene.payments.refund(refund, of: Self.order) else { Issue.record("known"); return }
        scene.wire.lose(nil)
        #expect(await scene.payments.refund(refund, of: Self.order) == .settled)
        #expect(try scene.ledger()["refunds"]?.array?.count == 1)
    }

    @Test func `one that fails at the bank is refused for good, by asking and by its event`() async throws {
        let scene = try StripeScene()
        let refund = try scene.refund(try await scene.paid(try scene.attempt()), 345)
        #expect(await scene.payments.refund(refund, of: Self.order) == .settled)
        _ = try scene.news()
        try scene.control("fail_refund", ["number": .string(Self.order + "-r1")])
        guard case .refused(let reason) = await scene.payments.refund(refund, of: Self.order) else { Issue.record("not refused"); return }
        #expect(reason.contains("expired_or_canceled_card"))
        #expect(try scene.news() == [.refund(number: "\(Self.order)-r1", .refused(reason))])
        #expect(try scene.ledger()["refunds"]?.array?.count == 1)
    }

    @Test func `under its number stands one amount only`() async throws {
        let scene = try StripeScene()
        let payment = try await scene.paid(try scene.attempt())
        #expect(await scene.payments.refund(try scene.refund(payment, 345), of: Self.order) == .settled)
        guard case .unknown = await scene.payments.refund(try scene.refund(payment, 346), of: Self.order) else { Issue.record("taken"); return }
        #expect(try scene.ledger()["refunds"]?.array?.count == 1)
    }

    @Test func `money given back by hand is told as nobody's of ours`() async throws {
        let scene = try StripeScene()
        let payment = try await scene.paid(try scene.attempt())
        _ = try scene.news()
        let made = try scene.control("refund", ["transaction": .string(payment.ref.transaction), "amount": 500])
        let id = try #require(made["id"]?.string)
        let usd = try #require(Currency("USD"))
        #expect(try scene.news().contains(.refundByOthers(transaction: payment.ref.transaction, reference: id, amount: Money(amount: 500, currency: usd))))
    }

    @Test(arguments: [("succeeded", RefundNews.settled), ("pending", .unknown("it is under way")), ("requires_action", .unknown("the buyer has to do something first"))])
    func `a refund's word says what became of it`(word: String, news: RefundNews) throws {
        #expect(try RefundNews(stripe: StripeObject(["status": .string(word)])) == news)
    }

    @Test func `called off and failed are refused, a word nobody knows is no answer`() throws {
        for word in ["canceled", "failed"] {
            guard case .refused = try RefundNews(stripe: StripeObject(["status": .string(word)])) else { Issue.record("\(word)"); continue }
        }
        for wrong in ["done", ""] { #expect(throws: ValidationFailure.self) { try RefundNews(stripe: StripeObject(["status": .string(wrong)])) } }
    }

    @Test func `a payment that is none of Stripe's is refused without a word on the wire`() async throws {
        let scene = try StripeScene()
        for transaction in ["", "pi_1/cancel", "../x", "pi 1", String(repeating: "a", count: 256)] {
            let payment = Payment(ref: PaymentRef(gateway: "cards", transaction: transaction), amount: try scene.attempt().amount)
            guard case .refused = await scene.payments.refund(try scene.refund(payment, 5), of: Self.order) else { Issue.record("\(transaction)"); continue }
        }
        #expect(scene.wire.requests.isEmpty)
        let unknown = Payment(ref: PaymentRef(gateway: "cards", transaction: "pi_nobody"), amount: try scene.attempt().amount)
        guard case .refused = await scene.payments.refund(try scene.refund(unknown, 5), of: Self.order) else { Issue.record("found"); return }
    }
}
