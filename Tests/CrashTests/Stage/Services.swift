import ChannelAdapters
import Commerce
import Mall
import Simulation
import Store

/// Payment services and carriers: what they did stays done, whatever becomes of the store.
final class Services: @unchecked Sendable {
    // Unchecked because one thread runs everything in it.
    /// What is true of attempts, by number.
    var attempts: [String: AttemptNews] = [:]
    var bills: [CalendarDay: Bill] = [:]
    /// What carriers say when they are asked, by tracking number.
    var ways: [String: TrackingReport] = [:]
    /// Whether carriers tell by themselves what they are subscribed to.
    var tellsByItself = true
    private(set) var refunds: [String: Int64] = [:]
    private(set) var subscribed: [String: Int] = [:]

    fileprivate func giveBack(_ number: String, _ amount: Int64) { if refunds[number] == nil { refunds[number] = amount } }
    fileprivate func subscribe(_ number: String) { subscribed[number, default: 0] += 1 }
    var sentBack: Int64 { refunds.values.reduce(0, +) }
}

/// An account there as the daemon reaches it: the power may go before a request leaves and before its answer is there.
struct WiredService: PaymentGateway, BillSource, ParcelTracker {
    static let name = "pay"
    let id = WiredService.name
    let services: Services
    let disk: FaultyDisk

    private func exchange<T>(_ silence: T, _ body: () -> T) -> T {
        guard disk.step() else { return silence }
        let answer = body()
        return disk.step() ? answer : silence
    }

    func open(_ attempt: PaymentAttempt, of order: String) async -> GatewayOpening { exchange(.unknown("no power")) { .ready([:]) } }
    func close(_ attempt: PaymentAttempt, of order: String) async -> AttemptNews { await ask(attempt, of: order) }

    func ask(_ attempt: PaymentAttempt, of order: String) async -> AttemptNews {
        exchange(.unknown("no power")) { services.attempts[attempt.numberAtGateway(ofOrder: order).description] ?? .open }
    }

    func refund(_ refund: Refund, of order: String) async -> RefundNews {
        exchange(.unknown("no power")) {
            services.giveBack(refund.numberAtGateway(ofOrder: order), refund.amount.amount)
            return .settled
        }
    }

    func bill(of day: CalendarDay) async -> BillAnswer {
        exchange(.unknown("no power")) { services.bills[day].map { .bill($0) } ?? .empty }
    }

    func follows(_ carrier: CarrierID) -> Bool { true }

    func subscribe(_ parcel: TrackedParcel) async -> Subscription {
        exchange(.later("no power", after: nil)) {
            services.subscribe(parcel.number)
            return services.tellsByItself ? .taken : .asksOnly
        }
    }

    func track(_ parcel: TrackedParcel) async -> TrackingAnswer {
        exchange(.later("no power", after: nil)) { services.ways[parcel.number].map { .report($0) } ?? .nothing }
    }
}

/// Reads callbacks of those services, which are plain words: what is proved of them is what becomes of them once they are here.
struct ServiceWords: CallbackReceiver {
    func verify(_ callback: GatewayCallback, at now: Timestamp) throws(CallbackFault) -> CallbackEvent {
        do { return .keep(try JSON.parse(callback.body)["id"]?.string ?? "") } catch { throw .malformed(field: "body", reason: "is no JSON") }
    }

    func answer(_ verdict: CallbackVerdict, at now: Timestamp) -> CallbackAnswer { CallbackAnswer(verdict == .kept ? 204 : 503) }

    func read(_ body: [UInt8]) throws(ValidationFailure) -> [GatewayNews] {
        let said: JSON
        do throws(JSONError) { said = try JSON.parse(body) } catch { throw ValidationFailure(field: "body", reason: "\(error)") }
        if let number = said["paid"]?.string {
            let ref = PaymentRef(gateway: WiredService.name, transaction: said["transaction"]?.string ?? "")
            let amount = Money(amount: said["amount"]?.integer ?? 0, currency: Life.yuan)
            let payment = Payment(ref: ref, attempt: GatewayNumber(number)?.part, amount: amount)
            return [.attempt(number: number, .paid(payment, at: Timestamp(milliseconds: said["at"]?.integer ?? 0)))]
        }
        if let number = said["through"]?.string { return [.refund(number: number, .settled)] }
        guard let number = said["parcel"]?.string, let carrier = CarrierID("sf") else { throw ValidationFailure(field: "body", reason: "says nothing") }
        var events: [TrackingEvent] = []
        for event in said["events"]?.array ?? [] {
            guard let at = event["at"]?.integer, let phase = event["phase"]?.string.flatMap({ ParcelPhase(rawValue: $0) }) else { continue }
            events.append(TrackingEvent(at: Timestamp(milliseconds: at), phase: phase, text: phase.rawValue))
        }
        return [.parcel(TrackingReport(carrier: carrier, number: number, events: events))]
    }
}

extension Life {
    static let account = ChannelID(WiredService.name)!

    var service: WiredService { WiredService(services: outside.services, disk: disk) }

    private var gateway: Gateway {
        var gateway = Gateway(account: Life.account, kind: .stripe)
        gateway.payments = service
        gateway.callbacks = ServiceWords()
        return gateway
    }

    var parcelClerk: ParcelClerk { ParcelClerk(store: store, trackers: [service], carrier: { _ in CarrierID("sf") }) }

    var reconciler: Reconciler {
        Reconciler(store: store, accounts: [BillAccount(gateway: WiredService.name, source: service, terms: Life.billTerms)], gateways: [service])
    }

    static let billTerms = BillTerms(firstLook: .zero)

    /// A callback comes in at the door, and what is answered with success is promised.
    func hear(_ event: String, _ words: JSON) throws {
        let body = JSON.object(JSONObject((words.object?.members ?? []).map { ($0.name, $0.value) } + [("id", .string(event))])).bytes
        let reception = GatewayReception(store: store)
        let outcome = try perform { _ in await reception.receive(GatewayCallback(body: body), for: Life.account, by: ServiceWords()) }
        if case .unavailable(let error) = outcome.verdict { throw error }
        guard outcome.answer.status == 204 else { return }
        promise("callback \(event) was answered", stored: { reading throws(StoreError) in
            try reading.inbox(limit: 1_000).contains { $0.event == event && $0.body == body }
        })
    }

    /// Does what callbacks say, also what a failing disk has put off.
    func applyCallbacks() throws {
        let (gateway, parcels) = (self.gateway, parcelClerk)
        for _ in 0..<20 {
            let rest = try perform { store in
                let clerk = GatewayClerk(
                    store: store, gateways: { [Life.account: gateway] },
                    hearParcel: { report, account throws(StoreError) in try await parcels.hear(report, from: account.text) })
                try await clerk.work()
                return try await clerk.rest(atMost: .seconds(86_400))
            }
            guard rest < .seconds(86_400) else { return }
            try wait(rest)
        }
    }

    /// Does what is due of orders at that service.
    func workOffThere() throws {
        let service = self.service
        _ = try perform { store in try await OrderClerk(store: store, cashier: Cashier(store: store, gateways: [service])).work() }
    }

    /// A buyer was sent there to pay.
    func openThere(_ number: String, _ amount: Int64) throws {
        let attempt = PaymentAttempt(id: EntityID("a1")!, gateway: WiredService.name, amount: Money(amount: amount, currency: Life.yuan))
        try tell(.paymentOpened(attempt), number)
    }
}
