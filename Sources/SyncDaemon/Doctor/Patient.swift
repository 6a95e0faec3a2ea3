import ChannelAdapters
import Commerce
import Store
import SyncEngine

/// Everything the doctor may look at: a daemon from inside, or what one that is stopped left behind.
struct Patient: Sendable {
    /// Where the configuration is read from; nil where it came from no file, as in the demo.
    let source: ConfigurationSource?
    /// What stands there now; nil without a source.
    var written: Result<Configuration, ConfigurationProblems>?
    /// The configuration in force, or the one a start would take, or the defaults where that is wrong.
    var configuration: Configuration
    /// nil when the daemon is stopped or does not answer.
    var inner: InnerView?
    /// nil when it cannot be opened; then ``storeFault`` says why.
    let store: (any StoreReader)?
    let storeFault: StoreError?
    let condition: StoreCondition?
    let channels: [KnownChannel]
    let surroundings: Surroundings
    var host: HostView
    let prober: ChannelProber
    let credentials: String?
    /// Whether channels and listeners are left alone.
    let isOffline: Bool

    var now: Timestamp { surroundings.time.now() }
    var directory: String { configuration.store.directory }

    /// - Throws: for what needs the store and cannot have it; another check says why.
    func reading<T: Sendable>(_ body: @escaping @Sendable (Reading) throws(StoreError) -> T) async throws -> T {
        guard let store else { throw storeFault ?? StoreError.closed }
        return try await store.read(body)
    }
}

/// A channel of the store, or one the configuration declares and the store has not met yet.
struct KnownChannel: Sendable {
    let id: ChannelID
    let settings: JSON
    let record: ChannelRecord?

    var endpoint: String? { settings["endpoint"]?.string }
    /// Whether it is to be kept in step, now or after a pause.
    var isKept: Bool { record?.state != .retired }
    var isActive: Bool { record.map { $0.state == .active } ?? true }

    /// Its secrets as the settings name them; nil for a text that names none.
    var secrets: [SecretReference?] {
        let listed = settings["secrets"] ?? settings["secret_files"]
        return (listed?.array ?? []).compactMap(\.string).map { SecretReference($0) }
    }

    static func all(_ records: [ChannelRecord], _ configuration: Configuration) -> [KnownChannel] {
        let met = records.map { KnownChannel(id: $0.id, settings: $0.settings, record: $0) }
        let declared = configuration.channels.filter { channel in !records.contains { $0.id == channel.id } }
        return met + declared.map { KnownChannel(id: $0.id, settings: $0.settings(configuration), record: nil) }
    }
}

/// What only the running daemon knows of itself.
struct InnerView: Sendable {
    /// Both clocks when it began, to see whether the wall clock was set since.
    let startedAt: Timestamp
    let startedNanoseconds: UInt64
    /// The configuration it was started with.
    var began: Configuration
    /// Why the last reload was refused; nil when it took.
    let refused: String?
    var workers: [ChannelID: WorkerStatus]
    let capabilities: [ChannelID: Capabilities]
    let doors: [ChannelID: DoorJournal.Entry]
    /// Ports its listeners got.
    let ports: [Listener: Int]
    /// Why nothing can be written to the store; nil when it can.
    let storeFault: String?
    let processID: Int32
}
