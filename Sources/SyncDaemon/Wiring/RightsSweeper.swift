import Commerce
import Logging
import Mall
import Store
import SyncEngine

/// Lets rights follow demand, a minute at a time.
struct RightsSweeper: Sendable {
    static let every: Duration = .seconds(60)
    let store: Store
    let engine: Engine
    let logger: Logger

    /// Works until cancelled.
    func run() async {
        let balancer = RightsBalancer(store: store)
        while !Task.isCancelled {
            do { try await store.surroundings.time.sleep(for: RightsSweeper.every) } catch { return }
            let status = await engine.workerStatus()
            let reachable = Set(status.keys.filter { status[$0]?.connected == true && status[$0]?.breaker == .closed })
            do throws(StoreError) {
                let moved = try await balancer.balance(reachable: reachable)
                if moved > 0 { logger.info("\(moved) rights follow demand", metadata: ["evt": "rights.balanced"]) }
            } catch {
                logger.error("\(error)", metadata: ["evt": "rights.failed"])
            }
        }
    }
}
