import Commerce
import Foundation
import Synchronization

@testable import ChannelAdapters

extension FuzzTarget {
    /// What platforms answer to our questions.
    static let gatewayAnswers: [FuzzTarget] = [
        asked("wechatpay-answer", .weChatPay, isSigned: true, ["status: 404\n", "status: 204\n", "\"code\":\"RESOURCE_NOT_EXISTS\"", "\"amount\":{", "wechatpay-serial: "]),
        asked("alipay-answer", .alipay, isSigned: true, ["\"code\":\"10000\"", "\"sub_code\":\"", "\"fund_change\":\"Y\"", "\"sign\":\"", "error_response"]),
        asked("stripe-answer", .stripe, isSigned: false, ["status: 402\n", "\"has_more\":true", "\"data\":[", "\"error\":{", "\"status\":\"succeeded\"", "idempotent-replayed: true\n"]),
        tracked,
    ]

    private static let amount = Money(amount: 12_345, currency: .yuan)
    private static let attempt = PaymentAttempt(id: EntityID("a1")!, gateway: "sample", amount: amount, terms: PaymentTerms())

    /// Where answers are signed, each that is none of those sent in earnest leaves everything unknown.
    private static func asked(_ name: String, _ kind: GatewayKind, isSigned: Bool, _ dictionary: [String]) -> FuzzTarget {
        let sent = Result { try Corpus.inputs(of: name, named: "sent-").map { outcomes(kind, $0) } }
        return FuzzTarget(name: name, dictionary: dictionary, cost: 20, bytesMax: 8_192) { bytes in
            guard case .success(let genuine) = sent, !genuine.isEmpty else { return "nothing was sent to \(name)" }
            guard let told = outcomes(kind, bytes) else { return "its account is not fit" }
            if let wrong = Sound.complaint(told.attempt) ?? Sound.complaint(told.refund) { return wrong }
            guard isSigned else { return nil }
            if case .unknown = told.attempt {} else if !genuine.contains(where: { $0?.attempt == told.attempt }) {
                return "an unproven answer is taken to say \(told.attempt)"
            }
            if case .unknown = told.refund {} else if !genuine.contains(where: { $0?.refund == told.refund }) {
                return "an unproven answer is taken to say \(told.refund) of a refund"
            }
            return nil
        }
    }

    private static func outcomes(_ kind: GatewayKind, _ bytes: [UInt8]) -> (attempt: AttemptNews, refund: RefundNews)? {
        let answer = OneAnswer(response: WireText(bytes).response)
        return waited {
            do {
                guard let payments = try SampleAccounts.gateway(kind, answer).payments else { return nil }
                let ref = PaymentRef(gateway: "sample", transaction: "4200000000")
                let refund = Refund(number: EntityID("r1")!, payment: ref, amount: Money(amount: 345, currency: .yuan), reason: .cancelled)
                return (await payments.ask(attempt, of: SampleAccounts.order), await payments.refund(refund, of: SampleAccounts.order))
            } catch { return nil }
        }
    }

    /// The first head says whose tracking service answers.
    private static let tracked = FuzzTarget(
        name: "parcel-answer", dictionary: ["kind: sf\n", "kind: kdniao\n", "\"apiResultData\":\"{", "\"State\":\"3\"", "\"data\":[", "\"rejected\":[", "\"Traces\":["],
        cost: 20, bytesMax: 8_192
    ) { bytes in
        let text = WireText(bytes)
        guard let kind = text.pseudo("kind").flatMap({ GatewayKind(rawValue: $0) }) else { return nil }
        let told: TrackingAnswer? = waited {
            do {
                guard let parcels = try SampleAccounts.gateway(kind, OneAnswer(response: text.response)).parcels else { return nil }
                let carrier = CarrierID(kind == .sf ? "sf" : "zto")!
                let parcel = TrackedParcel(carrier: carrier, number: kind == .sf ? "SF1234567890123" : "78123456789012")
                _ = await parcels.subscribe(parcel)
                return await parcels.track(parcel)
            } catch { return nil }
        }
        switch told {
        case .report(let report)?: return Sound.complaint(report)
        case .refused(let words)?, .later(let words, _)?: return words.isEmpty ? "not told, without a word" : Sound.words(words, max: 2_000)
        case .nothing?, nil: return nil
        }
    }

    /// Runs to its end on the thread of whoever asks: a target is one thread and no task.
    private static func waited<Value: Sendable>(_ work: @escaping @Sendable () async -> Value?) -> Value? {
        let (end, value) = (DispatchSemaphore(value: 0), Held<Value>())
        Task {
            let done = await work()
            if let done { value.keep(done) }
            end.signal()
        }
        end.wait()
        return value.value
    }

    private final class Held<Value: Sendable>: Sendable {
        private let held = Mutex<Value?>(nil)
        func keep(_ value: Value) { held.withLock { $0 = value } }
        var value: Value? { held.withLock { $0 } }
    }
}
