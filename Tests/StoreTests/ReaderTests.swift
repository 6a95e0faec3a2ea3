import Dispatch
import Store
import TestKit
import Testing

@Suite struct ReaderTests {
    /// More than the store has unless told otherwise.
    private static let readers = 6

    @Test func `as many read at once as the store was opened for`() async throws {
        let scratch = try Scratch()
        let store = try Store(
            .directory(scratch.at("store")), surroundings: .still(), readersMax: ReaderTests.readers)
        let (arrived, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let met = Task {
            await withCheckedContinuation { continuation in
                // Waits on a thread of its own, as the readers do on theirs.
                DispatchQueue(label: "met").async {
                    var count = 0
                    while count < ReaderTests.readers, arrived.wait(timeout: .now() + 120) == .success { count += 1 }
                    for _ in 0..<ReaderTests.readers { gate.signal() }
                    continuation.resume(returning: count)
                }
            }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<ReaderTests.readers {
                group.addTask {
                    try await store.read { reading throws(StoreError) in
                        _ = try reading.newestSequence()
                        arrived.signal()
                        gate.wait()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(await met.value == ReaderTests.readers)
        await store.close()
    }
}
