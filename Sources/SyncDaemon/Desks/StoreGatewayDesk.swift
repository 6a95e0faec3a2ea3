import ChannelAdapters
import Commerce
import Logging
import Mall
import Store
import SyncEngine
import Synchronization

/// Puts platforms' callbacks into the inbox and wakes the one who applies them.
final class StoreGatewayDesk: GatewayDesk {
    private let store: Store
    private let wiring: GatewayWiring
    private let reception: GatewayReception
    private let signal: FeedSignal
    private let logger: Logger
    private let counts = Mutex<[ChannelID: Count]>([:])

    private struct Count {
        var admitted = 0
        var refused = 0
        var lastAdmitted: Timestamp?
        var lastRefused: Timestamp?
        var lastRefusal: String?
    }

    /// - Parameter signal: bumped when a callback was kept.
    init(store: Store, wiring: GatewayWiring, signal: FeedSignal, logger: Logger) {
        self.store = store
        self.wiring = wiring
        reception = GatewayReception(store: store)
        self.signal = signal
        self.logger = logger
    }

    func receive(_ name: String, _ callback: GatewayCallback) async -> CallbackAnswer? {
        guard let id = ChannelID(name), let receiver = wiring.gateways[id]?.callbacks else { return nil }
        let outcome = await reception.receive(callback, for: id, by: receiver)
        note(outcome.verdict, of: id)
        return outcome.answer
    }

    private func note(_ verdict: GatewayReception.Verdict, of id: ChannelID) {
        let now = store.surroundings.time.now()
        switch verdict {
        case .refused(let fault): return refused(id, fault, now)
        case .stored: signal.bump()
        case .known, .answered: break
        case .quarantined(let item):
            logger.warning(
                "a callback came again with another body; both are kept: heyi inbox show \(item)",
                metadata: ["evt": "gateway.quarantined", "gateway": "\(id)"])
        case .unavailable(let error):
            return logger.error("a callback could not be kept: \(error)", metadata: ["evt": "gateway.unavailable", "gateway": "\(id)"])
        }
        counts.withLock { counts in
            counts[id, default: Count()].admitted += 1
            counts[id, default: Count()].lastAdmitted = now
        }
    }

    private func refused(_ id: ChannelID, _ fault: CallbackFault, _ now: Timestamp) {
        // Platforms probe all day; nobody is to be woken by it.
        if case .probe = fault { return }
        if case .unknownKey = fault { wiring.missesKey(id) }
        counts.withLock { counts in
            var count = counts[id, default: Count()]
            count.refused += 1
            (count.lastRefused, count.lastRefusal) = (now, fault.words)
            counts[id] = count
        }
        logger.warning("a callback was refused: \(fault.words)", metadata: ["evt": "gateway.refused", "gateway": "\(id)"])
    }

    func gateways() async throws(DeskError) -> [GatewayReport] { reports }

    var reports: [GatewayReport] {
        let connected = wiring.gateways
        return wiring.accounts.map { account in
            let count = counts.withLock { $0[account.configuration.id] ?? Count() }
            return GatewayReport(
                id: account.configuration.id, kind: account.configuration.kind,
                parts: connected[account.configuration.id]?.partNames ?? [], fault: account.fault, callbackURL: account.callbackURL,
                admitted: count.admitted, refused: count.refused, lastAdmitted: count.lastAdmitted, lastRefused: count.lastRefused,
                lastRefusal: count.lastRefusal)
        }
    }

    func check(_ name: String) async throws(DeskError) -> GatewayHealth {
        let (gateway, fault) = try find(name)
        guard let gateway else { return GatewayHealth(.broken, fault ?? "it is not connected") }
        if let fault { return GatewayHealth(.doubtful, "works with its old keys; the new ones: \(fault)") }
        guard let check = gateway.check else { return GatewayHealth(.fine, "its platform has nothing to try keys with") }
        return await check.check()
    }

    func sample(_ name: String, _ word: String) async throws(DeskError) -> GatewayCallback {
        guard let check = try find(name).gateway?.check else { throw .notFound("gateway \(name.prefix(64)), or keys that sign its callbacks") }
        do throws(ValidationFailure) { return try check.sample(word, at: store.surroundings.time.now()) } catch {
            throw .invalid(field: error.field, reason: error.reason)
        }
    }

    private func find(_ name: String) throws(DeskError) -> (gateway: Gateway?, fault: String?) {
        guard let id = ChannelID(name), let account = wiring.accounts.first(where: { $0.configuration.id == id }) else {
            throw .notFound("gateway \(name.prefix(64))")
        }
        return (wiring.gateways[id], account.fault)
    }
}

extension Gateway {
    fileprivate var partNames: [String] {
        [
            payments == nil ? nil : "payments", callbacks == nil ? nil : "callbacks", bills == nil ? nil : "bills",
            parcels == nil ? nil : "parcels",
        ].compactMap(\.self)
    }
}

extension CallbackFault {
    /// For a log: what is wrong with it, and nothing that was in it but names.
    var words: String {
        switch self {
        case .malformed(let field, let reason): "\(field) \(reason)"
        case .forged(let reason): "its signature is not the platform's: \(reason)"
        case .probe: "the platform tries whether signatures are checked"
        case .stale(let by): "it is \(by.components.seconds) s off; check this machine's clock"
        case .foreign(let field, _): "it is genuine and for another account: \(field) is not this one's"
        case .unknownKey(let name): "it is signed with a key that is not known here: \(name.prefix(80))"
        }
    }
}
