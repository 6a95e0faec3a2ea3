import ChannelAdapters
import ChannelSimulators
import Commerce
import Simulation
import TestKit

/// A merchant of WeChat Pay before a simulated platform, both on the same standing clock.
struct WeChatPayStage: Sendable {
    let simulator: WeChatPaySimulator
    let account: GatewayAccount
    let gateway: Gateway
    let payments: any PaymentGateway
    let callbacks: any CallbackReceiver
    let time: ManualTime
    let network: GatewayNetwork

    /// Made once: keys take their time.
    static let keys = Result { try WeChatPayKeyMaterial.make(at: Timestamp(milliseconds: 1_760_000_000_000)) }
    static let host = "pay.example"
    static let order = "20261201-k3v9q0m2ab"

    init(
        mode: WeChatPayKeyMaterial.Mode = .certificate, settings: [String: String] = [:], apart: Duration = .zero,
        over wrap: (GatewayNetwork) -> any HTTPTransport = { $0 }, configure: (inout [String: [Secret]]) -> Void = { _ in }
    ) throws {
        let keys = try WeChatPayStage.keys.get()
        time = ManualTime()
        let platformTime = ManualTime(time.now() + apart)
        simulator = WeChatPaySimulator(
            keys: keys, surroundings: Surroundings(time: apart == .zero ? time : platformTime, random: SeededRandom(seed: 7), ids: CountingIDs()))
        network = GatewayNetwork([WeChatPayStage.host: simulator])
        let made = keys.account(
            try WeChatPayStage.id(), mode: mode, endpoint: "https://\(WeChatPayStage.host)",
            callbackURL: "https://shop.example/callbacks/wechat", settings: settings)
        var secrets = made.secrets
        configure(&secrets)
        account = GatewayAccount(id: made.id, kind: .weChatPay, settings: made.settings, secrets: secrets, callbackURL: made.callbackURL)
        gateway = try Gateway(account, transport: wrap(network), surroundings: .still(time: time))
        guard let payments = gateway.payments, let callbacks = gateway.callbacks else { throw Missing() }
        self.payments = payments
        self.callbacks = callbacks
    }

    struct Missing: Error {}

    private static func id() throws -> ChannelID {
        guard let id = ChannelID("wechat") else { throw Missing() }
        return id
    }

    func attempt(_ id: String = "a1", amount: Int64 = 12_345, _ change: (inout PaymentTerms) -> Void = { _ in }) throws -> PaymentAttempt {
        var terms = PaymentTerms()
        change(&terms)
        guard let id = EntityID(id) else { throw Missing() }
        return PaymentAttempt(id: id, gateway: "wechat", amount: Money(amount: amount, currency: .yuan), terms: terms)
    }

    func number(_ attempt: PaymentAttempt) -> String { attempt.numberAtGateway(ofOrder: WeChatPayStage.order).description }

    /// Opens an attempt, has it paid and gives the payment back as the platform tells it.
    func paid(_ attempt: PaymentAttempt) async throws -> Payment {
        guard case .ready = await payments.open(attempt, of: WeChatPayStage.order) else { throw Missing() }
        _ = try simulator.control("pay", ["out_trade_no": .string(number(attempt))])
        guard case .paid(let payment, _) = await payments.ask(attempt, of: WeChatPayStage.order) else { throw Missing() }
        return payment
    }

    /// What the platform would send now, as a door would hand it on.
    func told() -> [GatewayCallback] {
        simulator.dueCallbacks(at: time.now()).map { due in
            GatewayCallback(headers: due.request.headers.map { (name: $0.name.lowercased(), value: $0.value) }, body: due.request.body ?? [])
        }
    }

    func books(_ number: String) throws -> GatewaySubject.Books {
        let entry = try simulator.control("ledger", [:])[number]
        return GatewaySubject.Books(
            captured: entry?["captured"]?.integer ?? 0, refunded: entry?["refunded"]?.integer ?? 0, refunds: Int(entry?["refunds"]?.integer ?? 0))
    }
}

extension GatewaySubject {
    static let weChatPay = GatewaySubject(testDescription: "WeChat Pay") {
        let stage = try WeChatPayStage()
        return Stage(
            gateway: stage.payments, simulator: stage.simulator, time: stage.time, terms: PaymentTerms(),
            pay: { number in _ = try stage.simulator.control("pay", ["out_trade_no": .string(number)]) },
            books: { number in try stage.books(number) })
    }
}
