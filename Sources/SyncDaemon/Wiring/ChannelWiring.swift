import ChannelAdapters
import Commerce
import Logging
import Store
import SyncEngine
import Synchronization

/// Connects the channels the store knows to the engine, and knows the keys they sign with.
///
/// Works from the store's records alone, so a channel added by a command and one from
/// the file are the same thing. A channel whose secret cannot be read is halted and says
/// why; the others work.
actor ChannelWiring {
    private let store: Store
    private let engine: Engine
    private let transport: any HTTPTransport
    private let credentials: String?
    private var reach: Reach
    private let signatureWindow: Duration
    private let logger: Logger
    private let measured: @Sendable (ChannelID, any HTTPTransport) -> any HTTPTransport
    /// Asked for every signed request, so behind a lock and not behind the actor.
    private nonisolated let signatures = Mutex<[ChannelID: StandardWebhooks]>([:])
    private var wired: [ChannelID: (settings: JSON, reach: Reach)] = [:]

    /// What all channels' adapters go by; a reload may bring another.
    private struct Reach: Hashable {
        let answerBytesMax: Int
        let overlap: Duration

        init(_ configuration: Configuration) {
            answerBytesMax = configuration.limits.answerBytes
            overlap = configuration.pull.overlap
        }
    }

    /// - Parameter measured: What each channel's transport goes through before its adapter gets it.
    init(
        store: Store, engine: Engine, transport: any HTTPTransport, credentials: String?,
        configuration: Configuration, logger: Logger,
        measured: @escaping @Sendable (ChannelID, any HTTPTransport) -> any HTTPTransport = { $1 }
    ) {
        self.measured = measured
        self.store = store
        self.engine = engine
        self.transport = transport
        self.credentials = credentials
        reach = Reach(configuration)
        signatureWindow = configuration.limits.signatureWindow
        self.logger = logger
    }

    /// Checks that each channel the configuration adds or changes could be connected.
    ///
    /// - Throws: ``ConfigurationProblems`` with every channel that could not; nothing is changed.
    func check(_ configuration: Configuration) async throws {
        let held = try await store.read { reading throws(StoreError) in try reading.channels() }
        let records = Dictionary(held.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var problems: [ConfigurationProblem] = []
        for channel in configuration.channels {
            let settings = channel.settings(configuration)
            if let known = records[channel.id], known.settings == settings || known.state == .retired { continue }
            do throws(DeskError) { try check(settings) } catch {
                problems.append(ConfigurationProblem(origin: nil, words: "channel \(channel.id): \(error.words)"))
            }
        }
        if !problems.isEmpty { throw ConfigurationProblems(problems: problems) }
    }

    /// Puts the configured channels into the store and connects all it knows.
    ///
    /// A channel that cannot be connected is halted with the reason; the others go on.
    func apply(_ configuration: Configuration) async throws(StoreError) {
        reach = Reach(configuration)
        let declared = configuration.channels.map { ($0.id, $0.settings(configuration)) }
        try await store.write { writing throws(StoreError) in
            for (id, settings) in declared {
                let held = try writing.reading.channel(id)
                if let held, held.settings == settings || held.state == .retired { continue }
                try writing.putChannel(id, settings: settings)
                try writing.audit(
                    principal: "configuration", action: held == nil ? "channel.add" : "channel.change",
                    subject: "channel/\(id)", detail: "")
            }
        }
        let records = try await store.read { reading throws(StoreError) in try reading.channels() }
        for record in records {
            do throws(DeskError) { try await attach(record) } catch {
                try await halt(record, error.words)
            }
        }
    }

    private func halt(_ record: ChannelRecord, _ reason: String) async throws(StoreError) {
        logger.error(
            "not connected: \(reason); put it right, then: heyi channel resume \(record.id)",
            metadata: ["evt": "channel.secret", "channel": "\(record.id)"])
        guard record.state == .active else { return }
        try await store.write { writing throws(StoreError) in
            try writing.halt(record.id, reason, by: "daemon")
        }
    }

    /// Connects one channel, again if its settings are others than before.
    func attach(_ record: ChannelRecord) async throws(DeskError) {
        guard record.state != .retired else { return await detach(record.id) }
        guard wired[record.id].map({ $0 != (record.settings, reach) }) ?? true else { return engine.wake(record.id) }
        let known: ChannelSecrets
        do throws(DeskError) { known = try secrets(record.settings) } catch {
            // What it went by before is not what it shall go by now.
            await detach(record.id)
            throw error
        }
        signatures.withLock { $0[record.id] = known.signatures }
        wired[record.id] = (record.settings, reach)
        guard let url = record.settings["endpoint"]?.string else { return await engine.detach(record.id) }
        let dialect = record.settings["protocol"]?.string.flatMap { ChannelProtocol(rawValue: $0) } ?? .delta
        let timeout = record.settings["timeout_ms"]?.integer ?? 30_000
        let endpoint = ChannelEndpoint(
            url: url, secrets: known.secrets, timeout: .milliseconds(timeout), responseBytesMax: reach.answerBytesMax,
            addresses: record.settings["allow_private_addresses"]?.bool == true ? .privateToo : .publicOnly,
            overlap: reach.overlap)
        do throws(SecretFault) {
            let adapter = try AdapterFactory.adapter(
                for: dialect, endpoint: endpoint, transport: measured(record.id, transport), time: store.surroundings.time)
            await engine.attach(record.id, adapter: adapter, settings: ChannelSettings(json: record.settings))
        } catch {
            wired[record.id] = nil
            throw .failed("\(error)")
        }
    }

    func detach(_ id: ChannelID) async {
        wired[id] = nil
        signatures.withLock { $0[id] = nil }
        await engine.detach(id)
    }

    func check(_ settings: JSON) throws(DeskError) { _ = try secrets(settings) }

    private func secrets(_ settings: JSON) throws(DeskError) -> ChannelSecrets {
        try ChannelSecrets(settings, credentials: credentials, window: signatureWindow)
    }
}

extension ChannelWiring: ChannelKeyring {
    nonisolated func signatures(of channel: ChannelID) async throws(DeskError) -> StandardWebhooks? {
        signatures.withLock { $0[channel] }
    }
}
