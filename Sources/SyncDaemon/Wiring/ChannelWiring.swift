import ChannelAdapters
import Commerce
import Logging
import Store
import SyncEngine

/// Connects the channels the store knows to the engine, and knows the keys they sign with.
///
/// Works from the store's records alone, so a channel added by a command and one from
/// the file are the same thing. A channel whose secret cannot be read is left out and
/// said so; the others work.
actor ChannelWiring {
    private let store: Store
    private let engine: Engine
    private let transport: any HTTPTransport
    private let credentials: String?
    private var reach: Reach
    private let signatureWindow: Duration
    private let logger: Logger
    private var signatures: [ChannelID: StandardWebhooks] = [:]
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

    init(
        store: Store, engine: Engine, transport: any HTTPTransport, credentials: String?,
        configuration: Configuration, logger: Logger
    ) {
        self.store = store
        self.engine = engine
        self.transport = transport
        self.credentials = credentials
        reach = Reach(configuration)
        signatureWindow = configuration.limits.signatureWindow
        self.logger = logger
    }

    /// Puts the configured channels into the store and connects all it knows.
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
        for record in records { await attach(record) }
    }

    /// Connects one channel, again if its settings are others than before.
    func attach(_ record: ChannelRecord) async {
        guard record.state != .retired else { return await detach(record.id) }
        guard wired[record.id].map({ $0 != (record.settings, reach) }) ?? true else { return engine.wake(record.id) }
        let secrets = readSecrets(record)
        signatures[record.id] = webhooks(secrets, of: record)
        wired[record.id] = (record.settings, reach)
        guard let url = record.settings["endpoint"]?.string else { return await engine.detach(record.id) }
        let dialect = record.settings["protocol"]?.string.flatMap { ChannelProtocol(rawValue: $0) } ?? .delta
        let timeout = record.settings["timeout_ms"]?.integer ?? 30_000
        let endpoint = ChannelEndpoint(
            url: url, secrets: secrets, timeout: .milliseconds(timeout), responseBytesMax: reach.answerBytesMax,
            addresses: record.settings["allow_private_addresses"]?.bool == true ? .privateToo : .publicOnly,
            overlap: reach.overlap)
        do throws(SecretFault) {
            let adapter = try AdapterFactory.adapter(
                for: dialect, endpoint: endpoint, transport: transport, time: store.surroundings.time)
            await engine.attach(record.id, adapter: adapter, settings: ChannelSettings(json: record.settings))
        } catch {
            wired[record.id] = nil
            logger.error(
                "not connected: \(error); put a whsec_ secret in its file, then: kill -HUP",
                metadata: ["evt": "channel.secret", "channel": "\(record.id)"])
        }
    }

    func detach(_ id: ChannelID) async {
        wired[id] = nil
        signatures[id] = nil
        await engine.detach(id)
    }

    func check(_ settings: JSON) throws(DeskError) {
        var secrets: [ChannelAdapters.Secret] = []
        for place in ChannelWiring.places(settings) {
            guard let reference = SecretReference(place) else {
                throw .invalid(field: "secret_files", reason: "must be absolute paths")
            }
            do throws(SecretProblem) { secrets.append(try read(reference)) } catch {
                throw .invalid(field: "secret_files", reason: "\(error)")
            }
        }
        // A plain channel's secret may be a bearer token for its own side, which signs nothing.
        guard !secrets.isEmpty, settings["protocol"]?.string != "plain" else { return }
        do throws(SecretFault) { _ = try StandardWebhooks(secrets: secrets) } catch {
            throw .invalid(field: "secret_files", reason: "\(error)")
        }
    }

    private static func places(_ settings: JSON) -> [String] {
        (settings["secrets"]?.array ?? settings["secret_files"]?.array ?? []).compactMap(\.string)
    }

    private func read(_ reference: SecretReference) throws(SecretProblem) -> ChannelAdapters.Secret {
        ChannelAdapters.Secret(String(decoding: try reference.load(credentials: credentials).revealed(), as: UTF8.self))
    }

    private func readSecrets(_ record: ChannelRecord) -> [ChannelAdapters.Secret] {
        var secrets: [ChannelAdapters.Secret] = []
        for place in ChannelWiring.places(record.settings) {
            guard let reference = SecretReference(place) else { continue }
            do throws(SecretProblem) { secrets.append(try read(reference)) } catch {
                logger.error("\(error)", metadata: ["evt": "channel.secret", "channel": "\(record.id)"])
            }
        }
        return secrets
    }

    /// nil where no secret can be used for signing: then nothing the channel sends is let in.
    private func webhooks(_ secrets: [ChannelAdapters.Secret], of record: ChannelRecord) -> StandardWebhooks? {
        guard !secrets.isEmpty else { return nil }
        do throws(SecretFault) {
            return try StandardWebhooks(secrets: secrets, tolerance: signatureWindow)
        } catch {
            // A plain channel's secret may be a bearer token for its own side, which signs nothing.
            guard record.settings["protocol"]?.string != "plain" else { return nil }
            logger.error("a secret cannot be used to sign", metadata: ["channel": "\(record.id)", "error": "\(error)"])
            return nil
        }
    }
}

extension ChannelWiring: ChannelKeyring {
    func signatures(of channel: ChannelID) async throws(DeskError) -> StandardWebhooks? { signatures[channel] }
}
