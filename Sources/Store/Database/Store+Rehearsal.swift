import Commerce
import Synchronization

extension Store {
    /// Runs `body` as a write and undoes it, to say what it would do.
    ///
    /// Waits for the writer and holds it like any write; nothing is kept, no number is used up
    /// and nobody is told.
    package func rehearse<T: Sendable>(
        _ body: @escaping @Sendable (Writing) throws(StoreError) -> T
    ) async throws(StoreError) -> T {
        let answer = RehearsedAnswer<T>()
        do throws(StoreError) {
            try await write { (writing: Writing) throws(StoreError) in
                let found = try body(writing)
                answer.value.withLock { $0 = found }
                // Only an error undoes what a body wrote.
                throw .contradiction("a rehearsal is undone")
            }
        } catch {
            guard let found = answer.value.withLock({ $0 }) else { throw error }
            return found
        }
        throw .contradiction("a rehearsal was kept")
    }
}

private final class RehearsedAnswer<T: Sendable>: Sendable {
    let value = Mutex<T?>(nil)
}
