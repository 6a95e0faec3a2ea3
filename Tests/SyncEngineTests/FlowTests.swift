import Commerce
import Simulation
import SyncEngine
import TestKit
import Testing

@Suite struct FlowTests {
    @Test(arguments: [1, 2, 5, 10, 11, 600])
    func `a retry waits at random up to a ceiling that doubles to fifteen minutes`(attempt: Int) {
        let schedule = RetrySchedule()
        let random = SeededRandom(seed: UInt64(attempt))
        let ceiling = min(Int64(1_000) << min(attempt - 1, 30), 900_000)
        for _ in 0..<500 {
            let wait = schedule.wait(afterAttempt: attempt, random: random).milliseconds
            #expect(wait >= 1 && wait <= ceiling)
        }
    }

    @Test func `a retry never comes before the channel asked for it`() {
        let schedule = RetrySchedule()
        let random = SeededRandom(seed: 3)
        for attempt in 1...20 {
            #expect(schedule.wait(afterAttempt: attempt, asked: .seconds(120), random: random) >= .seconds(120))
        }
    }

    @Test func `a bucket lets its burst through, then its rate`() {
        var bucket = TokenBucket(rate: 10, burst: 5)
        let start: UInt64 = 7_000_000_000
        for _ in 0..<5 {
            let wait = bucket.take(at: start)
            #expect(wait == nil)
        }
        let soon = bucket.take(at: start)
        #expect(soon == .milliseconds(100))
        let later = bucket.take(at: start + 100_000_000)
        #expect(later == nil)
        let again = bucket.take(at: start + 100_000_000)
        #expect(again != nil)
    }

    @Test func `a clock that goes back gives no tokens away`() {
        var bucket = TokenBucket(rate: 1, burst: 1)
        let now: UInt64 = 10_000_000_000
        let first = bucket.take(at: now)
        #expect(first == nil)
        let before = bucket.take(at: 0)
        #expect(before != nil)
        let after = bucket.take(at: now)
        #expect(after != nil)
    }

    @Test func `settings come back from their JSON as they went`() {
        var settings = ChannelSettings()
        settings.kind = "app"
        settings.families = ["text", "price"]
        settings.ownerOf = ["tags"]
        settings.creates = false
        settings.deletes = .ignore
        settings.pullEvery = .seconds(7)
        settings.batchMax = 33
        settings.projection = Projection(rules: [
            ProjectionRule(family: "text", member: "title", effect: .truncate(characters: 9)),
            ProjectionRule(family: "price", member: "amount", effect: .round(unit: 100)),
        ])
        #expect(ChannelSettings(json: settings.json) == settings)
    }

    @Test func `few vanished are believed, many of few and many of many are not`() {
        var flow = FlowSettings()
        #expect(!flow.isSuspicious(vanished: 20, of: 20))
        #expect(flow.isSuspicious(vanished: 21, of: 2_000))
        #expect(!flow.isSuspicious(vanished: 21, of: 2_100))
        flow.vanishedMax = 0
        flow.vanishedShareMax = 0.5
        #expect(!flow.isSuspicious(vanished: 5, of: 10))
        #expect(flow.isSuspicious(vanished: 6, of: 10))
    }
}
