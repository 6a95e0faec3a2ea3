import Commerce
import Logging
import Store

/// Takes back what buyers held too long, so that channels hear of goods that came free.
///
/// No hold depends on it: one that is over counts as free at its instant, for whoever asks.
struct HoldSweeper: Sendable {
    /// How late a channel may hear of it.
    static let every: Duration = .seconds(2)
    private static let batch = 200
    let store: Store
    let logger: Logger

    /// Works until cancelled.
    func run() async {
        while !Task.isCancelled {
            do throws(StoreError) { _ = try await sweep() } catch {
                logger.error("\(error)", metadata: ["evt": "holds.failed"])
            }
            do { try await store.surroundings.time.sleep(for: HoldSweeper.every) } catch { return }
        }
    }

    /// - Returns: how many holds ended.
    func sweep() async throws(StoreError) -> Int {
        var ended = 0
        let now = store.surroundings.time.now()
        // Looking is done beside the writer; mostly there is nothing.
        while try await store.read({ reading throws(StoreError) in try reading.hasDueHolds(at: now) }), !Task.isCancelled {
            let step = try await store.write { writing throws(StoreError) in try writing.expireHolds(limit: HoldSweeper.batch) }
            ended += step
            if step < HoldSweeper.batch { break }
        }
        return ended
    }
}
