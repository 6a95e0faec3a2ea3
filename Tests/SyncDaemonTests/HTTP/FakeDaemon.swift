import ChannelAdapters
import Commerce
import Crypto
import Synchronization

@testable import SyncDaemon

/// A daemon in memory, as far as the HTTP doors can tell.
final class FakeDaemon: Sendable {
    struct State {
        var report = StatusReport.calm
        var events: [StatusEvent] = []
        var readiness: [ReadinessCheck] = [ReadinessCheck(name: "store", fault: nil)]
        var tokens: [String: TokenRecord] = [:]
        var answers: [AnswerKey: (Int, [UInt8])] = [:]
        var signatureWindow: Duration = .seconds(300)
        var keys: [String: [[UInt8]]] = [:]
        var callbacks: [String: RawCallback] = [:]
        var callbackFault: DeskError?
        var batches: [String: (digest: [UInt8], answer: BatchAnswer)] = [:]
        var applied: [IncomingDelta] = []
        /// A null stands for a change that is none of the channel's business.
        var feed: [JSON] = []
        var entities: [EntityRef: EntityReport] = [:]
        var done: [String] = []
        var imported: [UInt8] = []
        var reads = 0
        /// How often what follows in the log was asked for.
        var logged = 0
    }

    let state = Mutex(State())
    let news = NewsSignal()
    let time: any TimeSource

    init(time: any TimeSource) { self.time = time }

    func change<T>(_ body: (inout State) -> T) -> T { state.withLock { body(&$0) } }
    func note(_ text: String, _ principal: Principal) { change { $0.done.append("\(principal.name) \(text)") } }
}

extension FakeDaemon: StatusSource {
    func report() async throws(DeskError) -> StatusReport {
        change { $0.reads += 1; return $0.report }
    }

    func events(past number: Int64?, limit: Int) async throws(DeskError) -> [StatusEvent] {
        Array(change { $0.events }.filter { $0.number > number ?? 0 }.prefix(limit))
    }

    func log(_ order: LogOrder) async throws(DeskError) -> LogPart {
        let all = change { $0.events }.map { LogEntry($0) }
        let shown = all.filter { $0.at >= order.since ?? $0.at && (order.channel == nil || $0.channel == order.channel) }
        return LogPart(entries: Array(shown.suffix(order.limit)), place: LogPlace(event: all.last?.number ?? 0))
    }

    func log(past place: LogPlace, of channel: ChannelID?) async throws(DeskError) -> LogPart {
        let events = change { state in
            state.logged += 1
            return state.events
        }
        let next = events.first { $0.number > place.event }
        guard let next else { return LogPart(entries: [], place: place) }
        let entries = channel == nil || next.channel == channel ? [LogEntry(next)] : []
        return LogPart(entries: entries, place: LogPlace(event: next.number))
    }

    func readiness() async -> [ReadinessCheck] { change { $0.readiness } }
}

extension FakeDaemon: TokenDesk, AnswerMemory, ChannelKeyring {
    func holder(of text: String) async throws(DeskError) -> TokenRecord? { change { $0.tokens[text] } }

    func tokens(_ page: PageRequest) async throws(DeskError) -> Page<TokenRecord> {
        Page(change { $0.tokens.values.sorted { $0.id < $1.id } })
    }

    func make(name: String, scope: Scope, lifetime: Duration, by principal: Principal)
        async throws(DeskError) -> (record: TokenRecord, text: String)
    {
        change { state in
            let id = "t\(state.tokens.count)"
            let record = TokenRecord(id: id, name: name, scope: scope, created: time.now(), expires: time.now() + lifetime)
            state.tokens["heyi_\(id)"] = record
            return (record, "heyi_\(id)")
        }
    }

    func revoke(id: String, by principal: Principal) async throws(DeskError) {
        let found = change { state in
            guard let text = state.tokens.first(where: { $0.value.id == id })?.key else { return false }
            state.tokens[text] = nil
            return true
        }
        guard found else { throw .notFound("token \(id)") }
    }

    func answer(for key: AnswerKey) async throws(DeskError) -> KeptAnswer? {
        change { state in
            guard let (held, kept) = state.answers.first(where: { $0.key.key == key.key && $0.key.principal == key.principal })
            else { return nil }
            return KeptAnswer(status: kept.0, body: kept.1, sameRequest: held.digest == key.digest)
        }
    }

    func keep(status: Int, body: [UInt8], for key: AnswerKey) async throws(DeskError) {
        change { $0.answers[key] = (status, body) }
    }

    func signatures(of channel: ChannelID) async throws(DeskError) -> StandardWebhooks? {
        let (found, window) = change { ($0.keys[channel.text], $0.signatureWindow) }
        guard let keys = found else { return nil }
        do throws(SecretFault) {
            return try StandardWebhooks(
                secrets: keys.map { Secret("whsec_\(Base64.encode($0))") }, tolerance: window)
        } catch {
            throw .failed(error.description)
        }
    }
}

extension FakeDaemon: CallbackDesk {
    func accept(_ callback: RawCallback) async throws(DeskError) -> CallbackReceipt {
        if let fault = change({ $0.callbackFault }) { throw fault }
        return change { state in
            let key = "\(callback.channel)/\(callback.messageID)"
            guard let held = state.callbacks[key] else {
                state.callbacks[key] = callback
                return .stored
            }
            return held.body == callback.body ? .known : .quarantined
        }
    }
}

extension StatusReport {
    /// Nothing to look at.
    static var calm: StatusReport {
        StatusReport(
            at: Timestamp(milliseconds: 1_760_000_000_000), version: "1.0.0", uptime: .seconds(7_500), generation: "g1",
            channels: [], inbox: InboxStatus(waiting: 0, quarantined: 0, dead: 0, oldestAge: nil),
            store: StoreStatus(
                writable: true, fault: nil, entities: 60, feedHead: 480, fileBytes: 4_194_304, logBytes: 65_536),
            conflictsOpen: 0,
            configuration: ConfigurationStatus(loaded: Timestamp(milliseconds: 1_759_999_000_000), refused: nil),
            recent: [])
    }
}
