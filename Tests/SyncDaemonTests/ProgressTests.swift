import Dispatch
import Hummingbird
import NIOCore
import Store
import SyncEngine
import Testing

@testable import SyncDaemon

@Suite struct ProgressTests {
    private let loops = EventLoopGroupProvider.singleton.eventLoopGroup

    @Test func `a store that fails is no progress, a full disk is an answer`() async {
        let full = Progress(loops: loops, probe: { () async throws(StoreError) in throw .diskFull })
        #expect(await full.isMade())
        let broken = Progress(loops: loops, probe: { () async throws(StoreError) in throw .failed("no answer") })
        #expect(await !broken.isMade())
    }

    @Test func `each listener's loop is waited for`() async {
        let held = loops.makeIterator().map { loop in
            let (gate, turned) = (DispatchSemaphore(value: 0), Guarded(false))
            loop.execute {
                gate.wait()
                turned.update { $0 = true }
            }
            return (gate: gate, turned: turned)
        }
        let progress = Progress(
            loops: loops, probe: { () async throws(StoreError) in for loop in held { loop.gate.signal() } })
        #expect(await progress.isMade())
        #expect(held.allSatisfy { $0.turned.value })
    }
}
