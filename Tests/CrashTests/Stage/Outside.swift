import ChannelAdapters
import Commerce
import Simulation

/// What goes on while the store has no power: time, the shops and their people, and what callers were told.
final class Outside: @unchecked Sendable {
    // Unchecked because one thread runs everything in it.
    let seed: UInt64
    let executor: SeededExecutor
    let shops: [SimulatedChannel]
    let services = Services()
    /// The data set each shop names, where it is another than at first.
    var generations: [ChannelID: String] = [:]
    /// Entities a shop's people took away.
    var vanished: Set<RemoteRef> = []
    /// Openings of the store so far: each has names of its own.
    var lives = 0
    private(set) var promises: [Promise] = []
    /// What readers saw of writes that had failed.
    var leaks: [String] = []

    /// Something a caller was told, so that it must be true from then on.
    struct Promise {
        let what: String
        let holds: @Sendable (Life) throws -> Bool
    }

    init(seed: UInt64, shops: [Scenario.Shop]) {
        self.seed = seed
        let executor = SeededExecutor(seed: seed)
        self.executor = executor
        self.shops = shops.map { $0.open(executor, seed: seed) }
    }

    func shop(_ id: String) -> SimulatedChannel? { shops.first { $0.id.text == id } }

    func promise(_ what: String, _ holds: @escaping @Sendable (Life) throws -> Bool) {
        release(what)
        promises.append(Promise(what: what, holds: holds))
    }

    /// Takes promises back that begin with `what`: somebody asked for something else.
    func release(_ what: String) { promises.removeAll { $0.what.hasPrefix(what) } }

    /// Lets time pass, also where nobody in this world waits for anything.
    func pass(_ duration: Duration, until done: () -> Bool = { false }) {
        let executor = self.executor
        let sleeper = Task(executorPreference: executor) { try await executor.sleep(for: duration) }
        _ = executor.pump(limit: duration, until: done)
        sleeper.cancel()
    }

    func heal() {
        for shop in shops {
            shop.habits = SimulatedChannel.Habits()
            shop.dark = false
        }
    }
}
