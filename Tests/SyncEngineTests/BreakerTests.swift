import Commerce
import Simulation
import SyncEngine
import TestKit
import Testing

@Suite struct BreakerTests {
    private let random = SeededRandom(seed: 1)
    private let start = Timestamp(milliseconds: 1_000_000)

    private func opened() -> Breaker {
        var breaker = Breaker()
        for _ in 0..<10 { breaker.failed(at: start, random: random) }
        return breaker
    }

    @Test func `nine failures are not enough to stop calling, ten are`() {
        var breaker = Breaker()
        for _ in 0..<9 { breaker.failed(at: start, random: random) }
        #expect(breaker.state == .closed)
        breaker.failed(at: start, random: random)
        #expect(breaker.state == .open)
    }

    @Test func `a channel that mostly answers is called on`() {
        var breaker = Breaker()
        for index in 0..<100 {
            if index % 3 == 0 { breaker.failed(at: start, random: random) } else { breaker.succeeded(at: start) }
        }
        #expect(breaker.state == .closed)
    }

    @Test func `failures of long ago are forgotten`() {
        var breaker = Breaker()
        for _ in 0..<9 { breaker.failed(at: start, random: random) }
        breaker.failed(at: start + .seconds(301), random: random)
        #expect(breaker.state == .closed)
    }

    @Test func `an open breaker lets nothing through for half a minute, then one probe`() throws {
        var breaker = opened()
        let until = try #require(breaker.openUntil)
        #expect(until >= start + .seconds(30))
        let early = breaker.allows(at: start + .seconds(29))
        #expect(!early)
        let due = breaker.allows(at: until)
        #expect(due)
        #expect(breaker.state == .halfOpen)
    }

    /// A shop that was away for hours and comes back with one thing it fails at is not left alone for as long again.
    @Test func `a good probe ends the doubling, though the next one fails`() throws {
        var breaker = opened()
        var now = start
        for _ in 0..<6 {
            now = try #require(breaker.openUntil)
            let probe = breaker.allows(at: now)
            #expect(probe)
            breaker.failed(at: now, random: random)
        }
        let longest = try #require(breaker.openUntil)
        #expect(longest - now >= .seconds(900))
        let probe = breaker.allows(at: longest)
        #expect(probe)
        breaker.succeeded(at: longest)
        breaker.failed(at: longest, random: random)
        #expect(try #require(breaker.openUntil) - longest < .seconds(100))
    }

    @Test func `a failed probe opens it for longer, three good ones close it`() throws {
        var breaker = opened()
        let first = try #require(breaker.openUntil)
        let probe = breaker.allows(at: first)
        #expect(probe)
        breaker.failed(at: first, random: random)
        let second = try #require(breaker.openUntil)
        #expect(second - first >= .seconds(60))
        let again = breaker.allows(at: second)
        #expect(again)
        for _ in 0..<2 { breaker.succeeded(at: second) }
        #expect(breaker.state == .halfOpen)
        breaker.succeeded(at: second)
        #expect(breaker.state == .closed)
    }
}
