@testable import ChannelAdapters
import ChannelSimulators
import Commerce
import Simulation
import Testing
import TestKit

@Suite struct StripeEventTests {
    private static let usd = Money(amount: 12_345, currency: Currency("USD") ?? .yuan)

    private func event(_ type: String, _ object: JSON, _ more: [(String, JSON)] = []) -> JSON {
        .object(JSONObject([
            ("id", "evt_1"), ("object", "event"), ("created", 1_780_315_200), ("livemode", false), ("type", .string(type)), ("data", ["object": object]),
            ("request", .null),
        ] + more))
    }

    private func read(_ json: JSON) throws(ValidationFailure) -> [GatewayNews] {
        do { return try StripeEvent(json.bytes).news(gateway: "cards", try StripeAmounts(changes: "")) } catch let failure as ValidationFailure { throw failure } catch {
            throw ValidationFailure(field: "", reason: "\(error)")
        }
    }

    private func session(_ status: String, _ payment: String, number: String = "20260601-k3v9q0m2ab-a1") -> JSON {
        [
            "id": "cs_1", "object": "checkout.session", "status": .string(status), "payment_status": .string(payment), "amount_total": 12_345, "currency": "usd",
            "payment_intent": "pi_1", "created": 1, "metadata": ["heyi_number": .string(number)],
        ]
    }

    private func paid(at seconds: Int64 = 1_780_315_200) throws -> AttemptNews {
        .paid(
            Payment(ref: PaymentRef(gateway: "cards", transaction: "pi_1"), attempt: EntityID("a1"), amount: Self.usd),
            at: Timestamp(milliseconds: seconds * 1_000))
    }

    @Test(arguments: [
        ("completed", "complete", "paid", 0), ("async_payment_succeeded", "complete", "paid", 0), ("completed", "complete", "unpaid", 1),
        ("async_payment_failed", "complete", "unpaid", 2), ("expired", "expired", "unpaid", 2),
    ])
    func `a page's event is read by what was paid there`(type: String, status: String, payment: String, end: Int) throws {
        let expected: AttemptNews = end == 0 ? try paid() : end == 1 ? .open : .closed
        #expect(try read(event("checkout.session.\(type)", session(status, payment))) == [.attempt(number: "20260601-k3v9q0m2ab-a1", expected)])
    }

    @Test(arguments: ["requires_payment_method", "requires_confirmation", "requires_action", "processing", "requires_capture", "canceled", "succeeded"])
    func `an intent's status says how the attempt stands`(status: String) throws {
        let object: JSON = [
            "id": "pi_1", "status": .string(status), "amount_received": 12_345, "currency": "usd", "created": 1,
            "metadata": ["heyi_number": "20260601-k3v9q0m2ab-a1"],
        ]
        let expected: AttemptNews = status == "succeeded" ? try paid() : status == "canceled" ? .closed : .open
        #expect(try read(event("payment_intent.updated", object)) == [.attempt(number: "20260601-k3v9q0m2ab-a1", expected)])
        if status != "succeeded" { #expect(throws: ValidationFailure.self) { try read(event("payment_intent.succeeded", object)) } }
    }

    @Test(arguments: ["", "x", "UPPER-A1", "no number"]) func `what is none of ours changes nothing`(number: String) throws {
        guard case .nothing = try read(event("checkout.session.completed", session("complete", "paid", number: number))).first else { Issue.record("told"); return }
        #expect(try read(event("invoice.paid", ["id": "in_1"])) == [.nothing("invoice.paid")])
    }

    @Test(arguments: [
        ("needs_response", OrderDispute.Stage.opened), ("under_review", .opened), ("warning_needs_response", .opened), ("appeal_under_review", .opened),
        ("won", .won), ("lost", .lost), ("warning_closed", .closed), ("prevented", .closed),
    ])
    func `a dispute's status is its stage`(status: String, stage: OrderDispute.Stage) throws {
        let object: JSON = ["id": "du_1", "status": .string(status), "amount": 12_345, "currency": "usd", "reason": "fraudulent", "charge": "ch_1", "payment_intent": "pi_1"]
        #expect(
            try read(event("charge.dispute.updated", object)) == [
                .dispute(PaymentDispute(id: "du_1", transaction: "pi_1", amount: Self.usd, stage: stage, reason: "fraudulent"))
            ])
    }

    @Test func `a refund is ours by its metadata or by the key it was asked for with`() throws {
        let bare: JSON = ["id": "re_1", "status": "succeeded", "amount": 12_345, "currency": "usd", "charge": "ch_1", "payment_intent": "pi_1"]
        func keyed(_ key: String) throws -> [GatewayNews] { try read(event("refund.created", bare, [("request", ["id": "req_1", "idempotency_key": .string(key)])])) }
        #expect(try keyed("heyi/20260601-k3v9q0m2ab-r1") == [.refund(number: "20260601-k3v9q0m2ab-r1", .settled)])
        #expect(try keyed("heyi/20260601-k3v9q0m2ab-r1/req_9") == [.refund(number: "20260601-k3v9q0m2ab-r1", .settled)])
        let strange = [GatewayNews.refundByOthers(transaction: "pi_1", reference: "re_1", amount: Self.usd)]
        for key in ["550e8400-e29b-41d4-a716-446655440000", "heyi/", "20260601-k3v9q0m2ab-r1"] { #expect(try keyed(key) == strange) }
        // Older versions tell all of a charge's refunds at once.
        #expect(try read(event("charge.refunded", ["id": "ch_1", "refunds": ["data": [bare, bare]]])) == strange + strange)
        guard case .nothing = try read(event("charge.refunded", ["id": "ch_1"])).first else { Issue.record("told"); return }
    }

    @Test func `events told twice and in any order say the same`() async throws {
        let scene = try StripeScene()
        let attempt = try scene.attempt()
        let payment = try await scene.paid(attempt)
        _ = await scene.payments.refund(try scene.refund(payment, 45), of: StripeScene.order)
        try scene.control("dispute", ["number": .string(scene.number(attempt)), "stage": "opened"])
        try scene.control("dispute", ["number": .string(scene.number(attempt)), "stage": "won"])
        let receiver = try #require(scene.gateway.callbacks)
        let callbacks = scene.callbacks()
        let once = try callbacks.map { try receiver.read($0.body) }
        var random = SeededRandom(seed: 7)
        let mixed = Array(zip(callbacks, once)) + Array(zip(callbacks, once))
        for (callback, news) in mixed.shuffled(using: &random) {
            _ = try receiver.verify(callback, at: scene.time.now())
            #expect(try receiver.read(callback.body) == news)
        }
        let stages = once.joined().compactMap { if case .dispute(let dispute) = $0 { dispute.stage } else { nil } }
        #expect(Set(stages) == [.opened, .won])
    }

    @Test func `an event is kept under its id, and only when it is meant for this account`() async throws {
        let scene = try StripeScene()
        let receiver = try #require(scene.gateway.callbacks)
        let now = scene.time.now()
        func sent(_ json: JSON, _ method: String = "POST") -> GatewayCallback {
            let header = StripeSignature(secrets: [Secret("whsec_simulated1")], tolerance: .seconds(300)).sign(json.bytes, at: now)
            return GatewayCallback(method: method, headers: [("stripe-signature", header)], body: json.bytes)
        }
        #expect(try receiver.verify(sent(event("x", ["id": "a"])), at: now) == .keep("evt_1"))
        #expect(try receiver.verify(sent(event("x", ["id": "a"], [("account", "acct_simulated")])), at: now) == .keep("evt_1"))
        #expect(throws: CallbackFault.foreign(field: "account", value: "acct_2")) { try receiver.verify(sent(event("x", [:], [("account", "acct_2")])), at: now) }
        #expect(throws: CallbackFault.foreign(field: "livemode", value: "true")) { try receiver.verify(sent(event("x", [:], [("livemode", true)])), at: now) }
        #expect(throws: CallbackFault.malformed(field: "object", reason: "is a thin event; choose snapshot events for the endpoint")) {
            try receiver.verify(sent(["id": "evt_1", "object": "v2.core.event", "type": "v1.x"]), at: now)
        }
        for wrong in [[], "evt", ["object": "event"], event("x", [:], [("id", "e v t")]), event("x", [:], [("id", .string(String(repeating: "a", count: 201)))])] as [JSON] {
            #expect(throws: CallbackFault.self) { try receiver.verify(sent(wrong), at: now) }
        }
        #expect(throws: CallbackFault.self) { try receiver.verify(sent(event("x", [:]), "GET"), at: now) }
    }

    @Test func `each verdict has its answer`() throws {
        let receiver = try #require(try StripeScene().gateway.callbacks)
        let now = StripeScene.noon
        #expect(receiver.answer(.kept, at: now).status == 200)
        #expect(receiver.answer(.quarantined, at: now).status == 200)
        #expect(receiver.answer(.unavailable, at: now).status == 503)
        for fault in [.forged(reason: "x"), .probe, .stale(by: .zero), .malformed(field: "a", reason: "b"), .foreign(field: "a", value: "whsec_x"), .unknownKey("k")] as [CallbackFault] {
            let answer = receiver.answer(.refused(fault), at: now)
            #expect(answer.status == 400 && !String(decoding: answer.body, as: UTF8.self).contains("whsec_"))
        }
    }

    /// Every member of every event, taken away, of another type, and enormous.
    @Test func `nothing that is sent makes the reader fall`() async throws {
        let scene = try StripeScene()
        let check = try #require(scene.gateway.check)
        let receiver = try #require(scene.gateway.callbacks)
        let words = ["paid", "failed", "closed", "checkout", "refunded", "refund-failed", "dispute"]
        let wrong: [JSON] = [.null, true, -1, .integer(.max), .integer(.min), .decimal("1e999"), "", .string(String(repeating: "9", count: 5_000)), [], [:], ["id": 5]]
        var refused = 0
        for word in words {
            let body = try JSON.parse(try check.sample(word, at: scene.time.now()).body)
            #expect(try !receiver.read(body.bytes).isEmpty)
            for path in StripeEventTests.paths(of: body) {
                for value in [nil] + wrong.map({ Optional($0) }) {
                    do { _ = try receiver.read(StripeEventTests.putting(value, at: path[...], in: body).bytes) } catch { refused += 1 }
                }
            }
            for length in stride(from: 0, to: body.bytes.count, by: 7) { #expect(throws: ValidationFailure.self) { try receiver.read(Array(body.bytes.prefix(length))) } }
        }
        #expect(refused > 200)
    }

    static func paths(of json: JSON) -> [[String]] {
        guard case .object(let object) = json else { return [] }
        return object.flatMap { member in [[member.name]] + paths(of: member.value).map { [member.name] + $0 } }
    }

    static func putting(_ value: JSON?, at path: ArraySlice<String>, in json: JSON) -> JSON {
        guard let name = path.first, case .object(var object) = json else { return json }
        object[name] = path.count == 1 ? value : object[name].map { putting(value, at: path.dropFirst(), in: $0) }
        return .object(object)
    }

    @Test func `random bytes are refused and never more`() throws {
        let receiver = try #require(try StripeScene().gateway.callbacks)
        let random = SeededRandom(seed: 11)
        for _ in 0..<2_000 {
            let bytes = (0..<Int(random.next() % 200)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            #expect(throws: ValidationFailure.self) { try receiver.read(bytes) }
            let header = String(decoding: bytes, as: UTF8.self)
            #expect(throws: CallbackFault.self) { try receiver.verify(GatewayCallback(headers: [("stripe-signature", header)], body: bytes), at: StripeScene.noon) }
        }
    }
}
