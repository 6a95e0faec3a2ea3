import ChannelAdapters
import Commerce
import Mall
import Store
import Synchronization

/// What one process of the hub has to do with gateways, from its start to its end: adapters of its own, a door, and a clerk.
final class HubProcess: Sendable {
    let reception: GatewayReception
    private let store: Store
    private let line: HubLine
    private let connected: Mutex<[ChannelID: Gateway]>
    private let failures = Mutex<[String]>([])
    private let task = Mutex<Task<Void, Never>?>(nil)
    private static let idle = Duration.seconds(3)

    init(_ store: Store, _ platforms: [Platform], line: HubLine) throws {
        self.store = store
        self.line = line
        reception = GatewayReception(store: store)
        connected = Mutex(try HubProcess.connect(platforms, line, store))
    }

    var gateways: [ChannelID: Gateway] { connected.withLock { $0 } }
    /// What went wrong beside what was meant to.
    var faults: [String] { failures.withLock { $0 } }

    /// Reads the accounts' keys again, as after a change of the configuration.
    func reload(_ platforms: [Platform]) throws {
        let fresh = try HubProcess.connect(platforms, line, store)
        connected.withLock { $0 = fresh }
    }

    private static func connect(_ platforms: [Platform], _ line: HubLine, _ store: Store) throws -> [ChannelID: Gateway] {
        var connected: [ChannelID: Gateway] = [:]
        for platform in platforms {
            connected[platform.id] = try Gateway(platform.account(), transport: line, surroundings: store.surroundings)
        }
        return connected
    }

    /// Starts to do what callbacks say.
    func start(on executor: SeededExecutor) {
        let started = Task(executorPreference: executor) {
            let clerk = GatewayClerk(store: self.store, gateways: { self.gateways })
            while !Task.isCancelled {
                do { try await clerk.work() } catch { self.failures.withLock { $0.append("\(error)") } }
                do { try await executor.sleep(for: HubProcess.idle) } catch { return }
            }
        }
        task.withLock { $0 = started }
    }

    /// Nothing it sends leaves from now on.
    func cut() { line.end() }

    func end() async {
        let running = task.withLock { $0 }
        running?.cancel()
        await running?.value
    }
}
