import ChannelAdapters
import Commerce
import ConflictResolution
import Simulation
import Store
import SyncEngine
import Synchronization

/// Store and engine in this process, wired as the daemon wires them.
final class Rig {
    let store: Store
    let events = EventHub()
    private(set) var engine: Engine
    private var task: Task<Void, Never>?

    init(directory: String) throws {
        let surroundings = Surroundings(time: HostTime(), random: SeededRandom(seed: 1), ids: FreshIDs())
        store = try Store(.directory(directory), surroundings: surroundings)
        engine = Engine(store: store, surroundings: surroundings, events: events) { label in
            EngineExecutor(SerialQueueExecutor(label: label))
        }
    }

    func start() {
        let engine = self.engine
        task = Task { await engine.run() }
    }

    /// Adds a channel that is pushed to and never read.
    func add(_ id: ChannelID, _ adapter: any ChannelAdapter) async throws {
        var settings = ChannelSettings()
        settings.pull = false
        let json = settings.json
        try await store.write { writing throws(StoreError) in _ = try writing.putChannel(id, settings: json) }
        await engine.attach(id, adapter: adapter, settings: settings)
    }

    func stop() async {
        task?.cancel()
        await task?.value
        await store.close()
    }

    /// Names no run of the same directory has had before.
    private final class FreshIDs: IDSource {
        private let count = Mutex(0)
        private let start = HostTime.nanoseconds

        func next() -> String {
            let number = count.withLock { count in
                count += 1
                return count
            }
            return "b\(String(start, radix: 32))x\(number)"
        }
    }
}
