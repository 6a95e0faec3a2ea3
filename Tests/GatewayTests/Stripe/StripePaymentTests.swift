@testable import ChannelAdapters
import ChannelSimulators
import Commerce
import Testing
import TestKit

@Suite struct StripePaymentTests {
    private static let order = StripeScene.order

    @Test func `a client is handed what it needs to pay, and nothing secret of ours`() async throws {
        let scene = try StripeScene()
        guard case .ready(let card) = await scene.payments.open(try scene.attempt(), of: Self.order) else { Issue.record("card"); return }
        #expect(card["client_secret"]?.string?.hasPrefix("pi_") == true && card["publishable_key"] == "pk_test_simulated" && card["way"] == "card")
        guard case .ready(let page) = await scene.payments.open(try scene.attempt("a2", way: "checkout"), of: Self.order) else { Issue.record("page"); return }
        #expect(page["url"]?.string?.hasPrefix("https://checkout.stripe.com/") == true && page["way"] == "checkout")
        #expect(!card.text.contains("sk_test") && !page.text.contains("sk_test"))
        let sent = try #require(scene.wire.requests.first)
        #expect(sent.headers.contains { $0.name == "Idempotency-Key" && $0.value == "heyi/\(Self.order)-a1" })
        #expect(sent.headers.contains { $0.name == "Stripe-Version" && $0.value == StripeAccount.usualVersion })
        #expect(!sent.url.contains("sk_test") && !String(decoding: sent.body ?? [], as: UTF8.self).contains("sk_test"))
    }

    @Test(arguments: ["card", "checkout"]) func `a payment is told the same by asking, by the intent's event and by the page's`(way: String) async throws {
        let scene = try StripeScene()
        let attempt = try scene.attempt(way: way)
        let payment = try await scene.paid(attempt)
        #expect(payment.ref.transaction.hasPrefix("pi_"))
        let told = try scene.news().compactMap { news -> Payment? in
            guard case .attempt(number: scene.number(attempt), .paid(let payment, _)) = news else { return nil }
            return payment
        }
        #expect(told == Array(repeating: payment, count: way == "card" ? 1 : 2))
    }

    @Test func `whichever answer is lost on the way, the attempt is one and ends as it did`() async throws {
        for lost in 0..<8 {
            for way in ["card", "checkout"] {
                let scene = try StripeScene()
                let attempt = try scene.attempt(way: way)
                scene.wire.lose(lost)
                let opened = await scene.payments.open(attempt, of: Self.order)
                if case .refused(let reason) = opened { Issue.record("refused: \(reason)") }
                for _ in 0..<3 {
                    if case .refused(let reason) = await scene.payments.open(attempt, of: Self.order) { Issue.record("refused: \(reason)") }
                }
                try scene.pay(attempt)
                _ = await scene.payments.ask(attempt, of: Self.order)
                _ = await scene.payments.close(attempt, of: Self.order)
                scene.wire.lose(nil)
                guard case .paid = await scene.payments.ask(attempt, of: Self.order) else { Issue.record("\(way) \(lost)"); continue }
                #expect(try scene.ledger()["payments"]?.array?.count == 1)
                #expect(try scene.ledger()[way == "card" ? "intents" : "sessions"] == 1)
            }
        }
    }

    @Test(arguments: ["card", "checkout"]) func `an attempt is found again after its key was forgotten, and never made twice`(way: String) async throws {
        let scene = try StripeScene()
        let attempt = try scene.attempt(way: way)
        guard case .ready(let first) = await scene.payments.open(attempt, of: Self.order) else { Issue.record("open"); return }
        for number in 2...230 { _ = await scene.payments.open(try scene.attempt("a\(number)", way: way), of: Self.order) }
        scene.time.advance(by: way == "card" ? .seconds(25 * 3_600) : .seconds(23 * 3_600 + 1_800))
        let later = try scene.reborn()
        guard case .ready(let again) = await later.open(attempt, of: Self.order) else { Issue.record("again"); return }
        #expect(again == first)
        #expect(try scene.ledger()[way == "card" ? "intents" : "sessions"] == 230)
        #expect(await later.close(attempt, of: Self.order) == .closed)
        #expect(await later.ask(attempt, of: Self.order) == .closed)
    }

    @Test func `within a day of the order one request opens an attempt`() async throws {
        let scene = try StripeScene()
        _ = await scene.payments.open(try scene.attempt(), of: Self.order)
        #expect(scene.wire.requests.count == 1)
    }

    @Test func `the list is read once, and later only for what is new`() async throws {
        let scene = try StripeScene()
        for number in 1...250 { _ = await scene.payments.open(try scene.attempt("a\(number)"), of: Self.order) }
        scene.time.advance(by: .seconds(7_200))
        let later = try scene.reborn()
        let before = scene.wire.requests.count
        #expect(await later.ask(try scene.attempt("a900"), of: Self.order) == .open)
        #expect(scene.wire.requests.count == before + 3)
        for number in 1...250 { #expect(await later.ask(try scene.attempt("a\(number)"), of: Self.order) == .open) }
        #expect(await later.ask(try scene.attempt("a901"), of: Self.order) == .open)
        #expect(scene.wire.requests.count == before + 3 + 250 + 1)
    }

    @Test func `other words under the same key find what the first made`() async throws {
        let scene = try StripeScene()
        _ = await scene.payments.open(try scene.attempt(), of: Self.order)
        let attempt = try scene.attempt("a1", 12_345)
        let other = try StripeScene.sameBooks(as: scene, ["payment_methods": "card,alipay"])
        guard case .ready = await other.open(attempt, of: Self.order) else { Issue.record("not found"); return }
        #expect(try scene.ledger()["intents"] == 1)
    }

    @Test func `a failure that Stripe keeps under the key does not hide what it left behind`() async throws {
        let scene = try StripeScene()
        let attempt = try scene.attempt()
        try scene.control("dials", ["fail_after": 1_000])
        guard case .unknown = await scene.payments.open(attempt, of: Self.order) else { Issue.record("known"); return }
        try scene.control("dials", ["fail_after": 0])
        guard case .ready = await scene.payments.open(attempt, of: Self.order) else { Issue.record("hidden"); return }
        #expect(try scene.ledger()["intents"] == 1)
    }

    @Test func `while the first request is at work nothing is known`() async throws {
        let scene = try StripeScene()
        let attempt = try scene.attempt()
        try scene.control("hold_key", ["key": .string("heyi/\(scene.number(attempt))")])
        guard case .unknown = await scene.payments.open(attempt, of: Self.order) else { Issue.record("open"); return }
        guard case .unknown = await scene.payments.close(attempt, of: Self.order) else { Issue.record("close"); return }
        try scene.control("free_key", ["key": .string("heyi/\(scene.number(attempt))")])
        guard case .ready = await scene.payments.open(attempt, of: Self.order) else { Issue.record("again"); return }
    }

    @Test func `what was authorised is collected when it is asked after, and let go when it is closed`() async throws {
        for way in ["card", "checkout"] {
            let scene = try StripeScene(["capture": "manual"])
            let (kept, dropped) = (try scene.attempt("a1", way: way), try scene.attempt("a2", way: way))
            for attempt in [kept, dropped] {
                _ = await scene.payments.open(attempt, of: Self.order)
                try scene.pay(attempt)
            }
            #expect(try scene.ledger()["payments"]?.array?.isEmpty == true)
            #expect(await scene.payments.close(dropped, of: Self.order) == .closed)
            guard case .paid(let payment, _) = await scene.payments.ask(kept, of: Self.order) else { Issue.record("\(way)"); continue }
            #expect(payment.amount == kept.amount)
        }
    }

    @Test func `what a bank is at work on is neither closed nor paid`() async throws {
        let scene = try StripeScene()
        let attempt = try scene.attempt()
        _ = await scene.payments.open(attempt, of: Self.order)
        try scene.control("process", ["number": .string(scene.number(attempt))])
        #expect(await scene.payments.close(attempt, of: Self.order) == .open)
        try scene.pay(attempt)
        guard case .paid = await scene.payments.close(attempt, of: Self.order) else { Issue.record("lost"); return }
    }

    @Test func `a card that is declined may be tried again`() async throws {
        let scene = try StripeScene()
        let attempt = try scene.attempt()
        _ = await scene.payments.open(attempt, of: Self.order)
        try scene.control("fail", ["number": .string(scene.number(attempt))])
        #expect(await scene.payments.ask(attempt, of: Self.order) == .open)
        #expect(try scene.news().allSatisfy { $0 == .attempt(number: scene.number(attempt), .open) })
    }

    @Test func `a page ends with the attempt, and one that must end sooner than pages can is ended by us`() async throws {
        let scene = try StripeScene()
        let late = try scene.attempt("a1", way: "checkout", expires: .seconds(3_600))
        let soon = try scene.attempt("a2", way: "checkout", expires: .seconds(600))
        let never = try scene.attempt("a3", way: "checkout", expires: .seconds(3 * 86_400))
        for attempt in [late, soon, soon] { guard case .ready = await scene.payments.open(attempt, of: Self.order) else { Issue.record("open"); return } }
        guard case .refused(let reason) = await scene.payments.open(never, of: Self.order) else { Issue.record("too long"); return }
        #expect(reason.contains("expires_at"))
        #expect(try scene.ledger()["sessions"] == 2)
        scene.time.advance(by: .seconds(3_601))
        #expect(await scene.payments.ask(late, of: Self.order) == .closed)
        #expect(await scene.payments.ask(soon, of: Self.order) == .open)
        #expect(await scene.payments.close(soon, of: Self.order) == .closed)
        guard case .refused = await scene.payments.open(late, of: Self.order) else { Issue.record("over"); return }
    }

    @Test func `terms that cannot be said there are refused before anything is sent`() async throws {
        let scene = try StripeScene()
        var bare = PaymentTerms()
        bare.way = "checkout"
        let usd = try #require(Currency("USD"))
        let a1 = try #require(EntityID("a1"))
        let wrong = [
            PaymentAttempt(id: a1, gateway: "cards", amount: Money(amount: 5, currency: usd), terms: bare), try scene.attempt(way: "jsapi"),
            try scene.attempt("a1", 5_124, "KWD"), try scene.attempt("a1", 0), try scene.attempt("a1", 1_000, "IQD"),
        ]
        for attempt in wrong {
            guard case .refused = await scene.payments.open(attempt, of: Self.order) else { Issue.record("\(attempt)"); continue }
        }
        #expect(scene.wire.requests.isEmpty)
        #expect(await scene.payments.close(wrong[1], of: Self.order) == .closed)
    }

    @Test(arguments: [("JPY", 500), ("KRW", 1_000), ("KWD", 5_120), ("ISK", 5), ("UGX", 7), ("MGA", 500)] as [(String, Int64)])
    func `an amount comes back as it went, in every sort of currency`(code: String, amount: Int64) async throws {
        let scene = try StripeScene()
        let attempt = try scene.attempt("a1", amount, code)
        let payment = try await scene.paid(attempt)
        #expect(payment.amount == attempt.amount)
        #expect(await scene.payments.refund(try scene.refund(payment, amount), of: Self.order) == .settled)
    }

    @Test func `a wrong key decides nothing and stands in no answer`() async throws {
        let scene = try StripeScene(key: "sk_test_another00000000")
        let attempt = try scene.attempt()
        guard case .unknown(let words) = await scene.payments.open(attempt, of: Self.order) else { Issue.record("open"); return }
        #expect(words.contains("401") && !words.contains("sk_test"))
        guard case .unknown = await scene.payments.ask(attempt, of: Self.order) else { Issue.record("ask"); return }
        guard case .unknown = await scene.payments.close(attempt, of: Self.order) else { Issue.record("close"); return }
    }
}

extension StripeScene {
    /// Another configuration before the same platform.
    static func sameBooks(as scene: StripeScene, _ settings: [String: String]) throws -> any PaymentGateway {
        let account = scene.simulator.account(try #require(ChannelID("cards")), settings: settings)
        return try #require(try Gateway(account, transport: scene.wire, surroundings: .still(time: scene.time)).payments)
    }
}
