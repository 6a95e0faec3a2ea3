import NIOCore
import Store

/// Whether the daemon's loops turn: those of the listeners, and the store's writer.
struct Progress: Sendable {
    let loops: any EventLoopGroup
    /// Proves that a write reaches the disk.
    let probe: @Sendable () async throws(StoreError) -> Void

    /// Returns when every loop has answered, however long that takes: who asks keeps the time.
    ///
    /// A full disk is an answer. Starting again makes no room, and would take reading and the
    /// status page away as well.
    func isMade() async -> Bool {
        do throws(StoreError) {
            try await probe()
        } catch {
            guard case .diskFull = error else { return false }
        }
        for loop in loops.makeIterator() {
            // A loop that was shut down will not turn again.
            do { try await loop.submit {}.get() } catch { return false }
        }
        return true
    }
}
