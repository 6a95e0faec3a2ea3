import ChannelAdapters
import ChannelSimulators
import Commerce
import Testing
import TestKit

/// What every payment gateway promises, told by its platform's own books.
@Suite struct GatewayContractTests {
    static let subjects: [GatewaySubject] = [.weChatPay, .alipay, .alipayCertified, .stripe, .stripePage]
    private static let order = "20261201-k3v9q0m2ab"
    private static let yuan = Money(amount: 12_345, currency: .yuan)

    private func attempt(_ stage: GatewaySubject.Stage, _ id: String = "a1", amount: Money = GatewayContractTests.yuan) throws -> PaymentAttempt {
        PaymentAttempt(id: try #require(EntityID(id)), gateway: stage.gateway.id, amount: amount, terms: stage.terms)
    }

    private func number(_ attempt: PaymentAttempt) -> String { attempt.numberAtGateway(ofOrder: GatewayContractTests.order).description }

    private func dial(_ stage: GatewaySubject.Stage, _ name: String, _ value: JSON) throws {
        _ = try stage.simulator.control("dials", .object(JSONObject([(name, value)])))
    }

    /// Opens and pays an attempt; the payment as the gateway tells it.
    private func paid(_ stage: GatewaySubject.Stage, _ attempt: PaymentAttempt) async throws -> Payment {
        guard case .ready = await stage.gateway.open(attempt, of: GatewayContractTests.order) else { throw Unexpected("it did not open") }
        try stage.pay(number(attempt))
        guard case .paid(let payment, _) = await stage.gateway.ask(attempt, of: GatewayContractTests.order) else {
            throw Unexpected("it was not paid")
        }
        return payment
    }

    private func refund(_ payment: Payment, _ amount: Int64, _ number: String = "r1") throws -> Refund {
        Refund(
            number: try #require(EntityID(number)), payment: payment.ref,
            amount: Money(amount: amount, currency: payment.amount.currency), reason: .cancelled)
    }

    struct Unexpected: Error {
        let what: String
        init(_ what: String) { self.what = what }
    }

    @Test(arguments: subjects) func `an attempt opened twice in the same words is one, and can be paid`(subject: GatewaySubject) async throws {
        let stage = try subject.make()
        let attempt = try attempt(stage)
        for _ in 0..<2 {
            guard case .ready = await stage.gateway.open(attempt, of: Self.order) else { Issue.record("it did not open"); return }
        }
        #expect(await stage.gateway.ask(attempt, of: Self.order) == .open)
        try stage.pay(number(attempt))
        guard case .paid(let payment, _) = await stage.gateway.ask(attempt, of: Self.order) else { Issue.record("it was not paid"); return }
        #expect(payment.amount == attempt.amount && payment.attempt == attempt.id && payment.ref.gateway == stage.gateway.id)
        #expect(try stage.books(number(attempt)).captured == attempt.amount.amount)
    }

    @Test(arguments: subjects) func `after a lost answer it is unknown whether it opened, and asking or opening again tells`(
        subject: GatewaySubject
    ) async throws {
        let stage = try subject.make()
        let attempt = try attempt(stage)
        try dial(stage, "drop_after", 1_000)
        guard case .unknown = await stage.gateway.open(attempt, of: Self.order) else { Issue.record("it claims to know"); return }
        guard case .unknown = await stage.gateway.ask(attempt, of: Self.order) else { Issue.record("it claims to know"); return }
        try dial(stage, "drop_after", 0)
        #expect(await stage.gateway.ask(attempt, of: Self.order) == .open)
        guard case .ready = await stage.gateway.open(attempt, of: Self.order) else { Issue.record("it did not open again"); return }
    }

    @Test(arguments: subjects) func `closing what was paid tells that it was paid`(subject: GatewaySubject) async throws {
        let stage = try subject.make()
        let attempt = try attempt(stage)
        let payment = try await paid(stage, attempt)
        guard case .paid(payment, _) = await stage.gateway.close(attempt, of: Self.order) else { Issue.record("closed"); return }
        #expect(try stage.books(number(attempt)).captured == attempt.amount.amount)
    }

    @Test(arguments: subjects) func `what is closed stays closed, and cannot be paid`(subject: GatewaySubject) async throws {
        let stage = try subject.make()
        let attempt = try attempt(stage)
        guard case .ready = await stage.gateway.open(attempt, of: Self.order) else { Issue.record("it did not open"); return }
        for _ in 0..<2 { #expect(await stage.gateway.close(attempt, of: Self.order) == .closed) }
        #expect(await stage.gateway.ask(attempt, of: Self.order) == .closed)
        #expect(throws: (any Error).self) { try stage.pay(number(attempt)) }
        #expect(try stage.books(number(attempt)).captured == 0)
    }

    @Test(arguments: subjects) func `a lost answer to a close is not taken for one`(subject: GatewaySubject) async throws {
        let stage = try subject.make()
        let attempt = try attempt(stage)
        guard case .ready = await stage.gateway.open(attempt, of: Self.order) else { Issue.record("it did not open"); return }
        try dial(stage, "drop_before", 1_000)
        let news = await stage.gateway.close(attempt, of: Self.order)
        #expect(news != .closed)
        try dial(stage, "drop_before", 0)
        try stage.pay(number(attempt))
        guard case .paid = await stage.gateway.close(attempt, of: Self.order) else { Issue.record("the payment is lost"); return }
    }

    @Test(arguments: subjects) func `a refund sent twice has one effect`(subject: GatewaySubject) async throws {
        let stage = try subject.make()
        let attempt = try attempt(stage)
        let refund = try refund(await paid(stage, attempt), 345)
        for _ in 0..<3 { #expect(await stage.gateway.refund(refund, of: Self.order) == .settled) }
        #expect(try stage.books(number(attempt)) == .init(captured: 12_345, refunded: 345, refunds: 1))
    }

    @Test(arguments: subjects) func `a refund whose answer is lost has one effect when it is sent again`(subject: GatewaySubject) async throws {
        let stage = try subject.make()
        let attempt = try attempt(stage)
        let refund = try refund(await paid(stage, attempt), 12_345)
        for dialled in ["drop_after", "fail_after"] {
            try dial(stage, dialled, 1_000)
            guard case .unknown = await stage.gateway.refund(refund, of: Self.order) else { Issue.record("it claims to know"); return }
            try dial(stage, dialled, 0)
        }
        #expect(await stage.gateway.refund(refund, of: Self.order) == .settled)
        #expect(try stage.books(number(attempt)) == .init(captured: 12_345, refunded: 12_345, refunds: 1))
    }

    @Test(arguments: subjects) func `no more goes back than came in`(subject: GatewaySubject) async throws {
        let stage = try subject.make()
        let attempt = try attempt(stage)
        let payment = try await paid(stage, attempt)
        #expect(await stage.gateway.refund(try refund(payment, 12_000, "r1"), of: Self.order) == .settled)
        guard case .refused = await stage.gateway.refund(try refund(payment, 346, "r2"), of: Self.order) else {
            Issue.record("more went back than was there"); return
        }
        #expect(await stage.gateway.refund(try refund(payment, 345, "r3"), of: Self.order) == .settled)
        #expect(try stage.books(number(attempt)) == .init(captured: 12_345, refunded: 12_345, refunds: 2))
    }

    @Test(arguments: subjects) func `a refund that is refused for now goes through later under the same number`(
        subject: GatewaySubject
    ) async throws {
        let stage = try subject.make()
        let attempt = try attempt(stage)
        let refund = try refund(await paid(stage, attempt), 345)
        try dial(stage, "refuse_refunds", 1_000)
        guard case .refused = await stage.gateway.refund(refund, of: Self.order) else { Issue.record("it was not refused"); return }
        try dial(stage, "refuse_refunds", 0)
        #expect(await stage.gateway.refund(refund, of: Self.order) == .settled)
        #expect(try stage.books(number(attempt)).refunds == 1)
    }

    @Test(arguments: subjects) func `a refund under way is unknown until it is through`(subject: GatewaySubject) async throws {
        let stage = try subject.make()
        let attempt = try attempt(stage)
        let refund = try refund(await paid(stage, attempt), 345)
        try dial(stage, "refund_takes_ms", 60_000)
        for _ in 0..<2 {
            guard case .unknown = await stage.gateway.refund(refund, of: Self.order) else { Issue.record("it is through already"); return }
        }
        stage.time.advance(by: .seconds(61))
        #expect(await stage.gateway.refund(refund, of: Self.order) == .settled)
        #expect(try stage.books(number(attempt)).refunds == 1)
    }

    @Test(arguments: subjects) func `what was never opened is not paid, and closing it is certain`(subject: GatewaySubject) async throws {
        let stage = try subject.make()
        let attempt = try attempt(stage)
        let news = await stage.gateway.ask(attempt, of: Self.order)
        #expect(news == .open || news == .closed)
        #expect(await stage.gateway.close(attempt, of: Self.order) == .closed)
    }

    @Test(arguments: subjects) func `while the platform is dark nothing is claimed`(subject: GatewaySubject) async throws {
        let stage = try subject.make()
        let attempt = try attempt(stage)
        let payment = try await paid(stage, attempt)
        try dial(stage, "dark", true)
        let other = try self.attempt(stage, "a2")
        guard case .unknown = await stage.gateway.open(other, of: Self.order) else { Issue.record("open"); return }
        for one in [attempt, other] {
            guard case .unknown = await stage.gateway.ask(one, of: Self.order) else { Issue.record("ask"); return }
            guard case .unknown = await stage.gateway.close(one, of: Self.order) else { Issue.record("close"); return }
        }
        guard case .unknown = await stage.gateway.refund(try refund(payment, 1), of: Self.order) else { Issue.record("refund"); return }
        try dial(stage, "dark", false)
        #expect(try stage.books(number(attempt)) == .init(captured: 12_345, refunded: 0, refunds: 0))
    }

    @Test(arguments: subjects, ["fail_before", "fail_after", "throttle", "fail_in_body", "drop_before"])
    func `a bad day of the platform decides nothing`(subject: GatewaySubject, dialled: String) async throws {
        let stage = try subject.make()
        let attempt = try attempt(stage)
        let payment = try await paid(stage, attempt)
        try dial(stage, dialled, 1_000)
        guard case .unknown = await stage.gateway.ask(attempt, of: Self.order) else { Issue.record("ask"); return }
        guard case .unknown = await stage.gateway.close(attempt, of: Self.order) else { Issue.record("close"); return }
        guard case .unknown = await stage.gateway.refund(try refund(payment, 345), of: Self.order) else { Issue.record("refund"); return }
        try dial(stage, dialled, 0)
        #expect(await stage.gateway.refund(try refund(payment, 345), of: Self.order) == .settled)
        #expect(try stage.books(number(attempt)) == .init(captured: 12_345, refunded: 345, refunds: 1))
    }
}
