import Testing

@testable import Store

@Suite struct WaitingWritesTests {
    /// What the jobs taken so far are called, in their order.
    private final class Taken {
        var names: [String] = []

        func job(_ name: String) -> WaitingWrites.Job {
            WaitingWrites.Job(run: { _ in }, finish: { _ in self.names.append(name) })
        }
    }

    private let taken = Taken()

    /// Takes one transaction whose filling has lasted `nanoseconds` when it is asked how long.
    private func take(_ waiting: inout WaitingWrites, filledFor nanoseconds: UInt64 = 0, limit: Int = .max) -> [String] {
        taken.names = []
        guard let batch = waiting.batch() else { return [] }
        var count = batch.first.count
        for job in batch.first { job.finish(nil) }
        while !batch.isAlone, taken.names.count < limit, let job = waiting.more(after: count, nanoseconds: nanoseconds) {
            job.finish(nil)
            count += 1
        }
        return taken.names
    }

    @Test func `who waits for one write goes before who brought many`() {
        var waiting = WaitingWrites()
        waiting.add(many: (0..<3).map { taken.job("many \($0)") })
        waiting.add(taken.job("one"))
        #expect(take(&waiting) == ["one", "many 0", "many 1", "many 2"])
        #expect(waiting.batch()?.first.count == nil)
    }

    @Test func `many writes end their transaction as soon as somebody waits`() {
        var waiting = WaitingWrites()
        waiting.add(many: (0..<10).map { taken.job("many \($0)") })
        #expect(take(&waiting, filledFor: .max, limit: 4) == ["many 0", "many 1", "many 2", "many 3"])
        waiting.add(taken.job("one"))
        #expect(take(&waiting, filledFor: .max) == ["one"])
        #expect(take(&waiting) == (4..<10).map { "many \($0)" })
    }

    @Test func `many writes are not shut out by those who keep coming one by one`() {
        var waiting = WaitingWrites()
        waiting.add(many: [taken.job("many")])
        for number in 0..<300 { waiting.add(taken.job("one \(number)")) }
        #expect(take(&waiting).count == 256)
        #expect(take(&waiting).last == "many")
    }

    @Test func `a write that nobody shares a transaction with needs no savepoint`() {
        var waiting = WaitingWrites()
        waiting.add(taken.job("one"))
        #expect(waiting.batch()?.isAlone == true)
        waiting.add(taken.job("one"))
        waiting.add(many: [taken.job("many")])
        #expect(waiting.batch()?.isAlone == false)
        #expect(waiting.batch()?.isAlone == true)
    }
}
