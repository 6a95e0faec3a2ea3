import ChannelAdapters
import ChannelSimulators
import Commerce
import Simulation
import TestKit

/// An account at a simulated Alipay, and a clock that stands still.
struct AlipayStage: Sendable {
    static let order = "20261201-k3v9q0m2ab"
    static let callbackURL = "https://mall.example/v1/gateways/alipay"

    let simulator: AlipaySimulator
    let account: GatewayAccount
    let gateway: Gateway
    let time: ManualTime
    let surroundings: Surroundings

    init(
        _ mode: AlipaySimulator.Mode = .keys, encrypts: Bool = false, settings: [String: String] = [:],
        change: (GatewayAccount) -> GatewayAccount = { $0 }, transport: ((AlipaySimulator) -> any HTTPTransport)? = nil
    ) throws {
        time = ManualTime()
        surroundings = .still(time: time)
        let donor =
            switch mode {
            case .keys: try AlipayStage.plain.get()
            case .certificates: try AlipayStage.certified.get()
            }
        simulator = AlipaySimulator(keysOf: donor, surroundings: surroundings, encrypts: encrypts)
        guard let id = ChannelID("alipay") else { throw Missing() }
        account = change(simulator.account(id, callbackURL: AlipayStage.callbackURL, settings: settings))
        gateway = try Gateway(
            account, transport: transport?(simulator) ?? GatewayNetwork(["openapi.alipay.com": simulator]), surroundings: surroundings)
    }

    // Made once: a pair of keys takes as long as a dozen tests.
    private static let plain = Result { try AlipaySimulator(.keys, surroundings: .still()) }
    private static let certified = Result { try AlipaySimulator(.certificates, surroundings: .still()) }

    struct Missing: Error {}

    var payments: any PaymentGateway {
        get throws {
            guard let payments = gateway.payments else { throw Missing() }
            return payments
        }
    }

    var callbacks: any CallbackReceiver {
        get throws {
            guard let callbacks = gateway.callbacks else { throw Missing() }
            return callbacks
        }
    }

    func attempt(_ id: String = "a1", fen: Int64 = 12_345, way: String? = "create", minutes: Int64? = 30) throws -> PaymentAttempt {
        var terms = PaymentTerms()
        terms.way = way
        terms.payer = way == "create" ? "2088102363632794" : nil
        terms.description = "两件 A/B & c=1"
        terms.returnURL = "https://mall.example/back"
        terms.expires = minutes.map { time.now() + .seconds($0 * 60) }
        guard let id = EntityID(id) else { throw Missing() }
        return PaymentAttempt(id: id, gateway: "alipay", amount: Money(amount: fen, currency: .yuan), terms: terms)
    }

    func open(_ attempt: PaymentAttempt) async throws -> JSON {
        guard case .ready(let opening) = try await payments.open(attempt, of: AlipayStage.order) else { throw Missing() }
        return opening
    }

    func paid(_ attempt: PaymentAttempt) async throws -> Payment {
        _ = try simulator.control("pay", try await open(attempt))
        guard case .paid(let payment, _) = try await payments.ask(attempt, of: AlipayStage.order) else { throw Missing() }
        return payment
    }

    func refund(_ payment: Payment, _ fen: Int64, _ number: String = "r1") throws -> Refund {
        guard let number = EntityID(number) else { throw Missing() }
        return Refund(number: number, payment: payment.ref, amount: Money(amount: fen, currency: .yuan), reason: .cancelled)
    }

    func dial(_ name: String, _ value: JSON) throws { _ = try simulator.control("dials", .object(JSONObject([(name, value)]))) }

    /// The simulator's own words of a trade.
    func booked(_ number: String = "\(AlipayStage.order)-a1") throws -> JSON {
        guard let trade = try simulator.control("ledger", [:])["trades"]?.array?.first(where: { $0["number"]?.string == number }) else { throw Missing() }
        return trade
    }

    /// What is to be told now, as it comes to our door.
    func due() -> [GatewayCallback] {
        simulator.dueCallbacks(at: time.now()).map { GatewayCallback(body: $0.request.body ?? []) }
    }

    /// The fields of a genuine notification of a payment, to be spoilt by a test.
    func genuine() async throws -> [String: String] {
        _ = try await paid(try attempt())
        guard let body = due().first?.body else { throw Missing() }
        var fields: [String: String] = [:]
        for field in try AlipayForm(body).fields { fields[field.name] = String(decoding: field.value, as: UTF8.self) }
        fields["sign"] = nil
        fields["sign_type"] = nil
        return fields
    }

    /// A notification with these fields, signed by the platform's key.
    func signed(_ fields: [String: String], by key: RSAPrivateKey? = nil) -> GatewayCallback {
        let request = AlipaySimulator.request(fields, key: key ?? simulator.signingKey, url: AlipayStage.callbackURL)
        return GatewayCallback(body: request.body ?? [])
    }
}
