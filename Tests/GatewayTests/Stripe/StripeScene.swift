@testable import ChannelAdapters
import ChannelSimulators
import Commerce
import Simulation
import Synchronization
import Testing
import TestKit

/// One account at a simulated Stripe, before an order of the day.
struct StripeScene: Sendable {
    static let order = "20260601-k3v9q0m2ab"
    /// Noon of the order's day.
    static let noon = Timestamp(milliseconds: 1_780_315_200_000)

    let time: ManualTime
    let simulator: StripeSimulator
    let gateway: Gateway
    let payments: any PaymentGateway
    let wire: WatchedWire
    private let settings: [String: String]

    init(_ settings: [String: String] = [:], seed: UInt64 = 1, at start: Timestamp = StripeScene.noon, key: String? = nil) throws {
        let time = ManualTime(start)
        let random = SeededRandom(seed: seed)
        self.time = time
        self.settings = settings
        simulator = StripeSimulator(time: time, random: random)
        wire = WatchedWire(GatewayNetwork([StripeSimulator.host: simulator]))
        var account = simulator.account(try #require(ChannelID("cards")), settings: settings)
        if let key {
            account = GatewayAccount(
                id: account.id, kind: .stripe, settings: account.settings,
                secrets: ["secret_key": [Secret(key)], "webhook_secrets": account.secrets["webhook_secrets"] ?? []])
        }
        let surroundings = Surroundings(time: time, random: random, ids: CountingIDs(prefix: "id"))
        gateway = try Gateway(account, transport: wire, surroundings: surroundings)
        payments = try #require(gateway.payments)
    }

    /// The same account in another life of the daemon, which remembers nothing.
    func reborn() throws -> any PaymentGateway {
        let account = simulator.account(try #require(ChannelID("cards")), settings: settings)
        return try #require(
            try Gateway(account, transport: wire, surroundings: Surroundings(time: time, random: SeededRandom(seed: 9), ids: CountingIDs())).payments)
    }

    func attempt(_ id: String = "a1", _ amount: Int64 = 12_345, _ currency: String = "USD", way: String? = nil, expires: Duration? = nil) throws -> PaymentAttempt {
        var terms = PaymentTerms()
        terms.way = way
        terms.description = "Lamp & shade, 灯"
        terms.returnURL = "https://mall.example/orders?a=1&b=2"
        terms.expires = expires.map { StripeScene.noon + $0 }
        let money = Money(amount: amount, currency: try #require(Currency(currency)))
        return PaymentAttempt(id: try #require(EntityID(id)), gateway: "cards", amount: money, terms: terms)
    }

    func number(_ attempt: PaymentAttempt) -> String { attempt.numberAtGateway(ofOrder: StripeScene.order).description }

    @discardableResult
    func control(_ word: String, _ body: JSON = [:]) throws -> JSON { try simulator.control(word, body) }

    func ledger() throws -> JSON { try simulator.control("ledger", [:]) }

    @discardableResult
    func pay(_ attempt: PaymentAttempt) throws -> JSON { try control("pay", ["number": .string(number(attempt))]) }

    /// Opens and pays one, and gives what the gateway says of it.
    func paid(_ attempt: PaymentAttempt) async throws -> Payment {
        _ = await payments.open(attempt, of: StripeScene.order)
        try pay(attempt)
        guard case .paid(let payment, _) = await payments.ask(attempt, of: StripeScene.order) else { throw Unpaid() }
        return payment
    }

    struct Unpaid: Error {}

    func refund(_ payment: Payment, _ amount: Int64, _ number: String = "r1") throws -> Refund {
        Refund(
            number: try #require(EntityID(number)), payment: payment.ref, amount: Money(amount: amount, currency: payment.amount.currency),
            reason: .goodwill)
    }

    /// Every callback that is due, as the door receives it; each is answered with success.
    func callbacks() -> [GatewayCallback] {
        simulator.dueCallbacks(at: time.now()).map { due in
            simulator.callbackAnswered(due.id, by: HTTPResponse(status: 200, headers: [], body: []), at: time.now())
            return GatewayCallback(headers: due.request.headers.map { ($0.name.lowercased(), $0.value) }, body: due.request.body ?? [])
        }
    }

    /// What all callbacks say that are due and genuine.
    func news() throws -> [GatewayNews] {
        let receiver = try #require(gateway.callbacks)
        return try callbacks().flatMap { callback in
            _ = try receiver.verify(callback, at: time.now())
            return try receiver.read(callback.body)
        }
    }
}

/// Counts what goes over the wire, and loses the answer of one request.
final class WatchedWire: HTTPTransport {
    private let inner: any HTTPTransport
    private let seen = Mutex<(requests: [HTTPRequest], losing: Int?)>(([], nil))

    init(_ inner: any HTTPTransport) { self.inner = inner }

    var requests: [HTTPRequest] { seen.withLock { $0.requests } }

    /// The answer of the request so many after this, from 0, does not arrive.
    func lose(_ index: Int?) { seen.withLock { $0.losing = index } }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let isLost = seen.withLock { seen in
            seen.requests.append(request)
            guard let left = seen.losing else { return false }
            seen.losing = left == 0 ? nil : left - 1
            return left == 0
        }
        let answer = try await inner.send(request)
        guard !isLost else { throw .interrupted(reason: "the connection ended before the answer") }
        return answer
    }
}
