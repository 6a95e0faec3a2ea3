import ChannelAdapters
import Commerce
import ConflictResolution
import Simulation
import Store
import SyncEngine
import Testing
import TestKit

@testable import SyncDaemon

@Suite struct MetricsCountTests {
    @Test func `the time until a channel confirms is told once for each change, and only where it is known`() {
        var times = CommitTimes()
        times.note(11, at: 1_000_000_000)
        times.note(15, at: 2_000_000_000)
        #expect(times.confirmed(10, by: "web", at: 3_000_000_000) == nil)
        #expect(times.confirmed(11, by: "web", at: 3_000_000_000) == 2)
        #expect(times.confirmed(11, by: "web", at: 4_000_000_000) == nil)
        #expect(times.confirmed(13, by: "web", at: 4_500_000_000) == 2.5)
        #expect(times.confirmed(15, by: "app", at: 2_250_000_000) == 0.25)
        #expect(times.confirmed(16, by: "web", at: 5_000_000_000) == nil)
    }

    @Test func `old commits are forgotten and not mistaken for newer ones`() {
        var times = CommitTimes()
        for sequence in 1...Int64(CommitTimes.keptMax + 1) { times.note(sequence, at: UInt64(sequence) * 1_000_000_000) }
        let half = Int64(CommitTimes.keptMax / 2)
        #expect(times.confirmed(half, by: "web", at: 20_000_000_000_000) == nil)
        #expect(times.confirmed(half + 1, by: "web", at: UInt64(half + 3) * 1_000_000_000) == 2)
    }

    @Test func `each write is counted in the commit that holds it`() async throws {
        let metrics = Metrics()
        let store = try Store(.memory, surroundings: .still(time: ManualTime()))
        store.onGroupCommit { metrics.commit(seconds: Double($0.nanoseconds) / 1e9, writes: $0.writes) }
        for _ in 0..<3 { try await store.probe() }
        #expect(metrics.figures.writes == 3)
        #expect(metrics.figures.commits.count == 3)
    }

    @Test func `what the engine tells is counted by channel and by how it ended`() throws {
        let world = try DeskWorld()
        let web = DeskWorld.web
        for event: EngineEvent in [
            .observed(web, DeskWorld.text, sequence: 4, prevailed: true),
            .observed(web, DeskWorld.text, sequence: 5, prevailed: false),
            .inboxApplied(web, item: 1), .inboxFailed(web, item: 2, error: "x", dead: false),
            .inboxFailed(web, item: 2, error: "x", dead: true), .conflict(DeskWorld.text, .proposal),
        ] { world.journal.take(event) }
        let figures = world.metrics.figures
        func key(_ result: String) -> Metrics.ExchangeKey { Metrics.ExchangeKey(channel: "web", result: result) }
        #expect(figures.edits == [key("prevailed"): 1, key("overruled"): 1])
        #expect(figures.callbacks == [key("applied"): 1, key("failed"): 1, key("dead"): 1])
        #expect(figures.conflicts == 1)
    }

    @Test(arguments: [
        (HTTPRequest.Method.post, "/deltas", "push"), (.get, "/deltas?since=x", "pull"), (.get, "/capabilities", "capabilities"),
        (.post, "/read", "read"), (.get, "/snapshot?after=1", "enumerate"), (.put, "/items/product/deltas", "push"),
        (.delete, "/items/sku/x", "push"), (.get, "/items?updated_since=5&limit=3", "pull"), (.get, "/items?limit=3", "enumerate"),
        (.get, "/items/product/x", "read"), (.post, "/secret-name", "other"),
    ])
    func `what a request is for is one of a few words`(method: HTTPRequest.Method, path: String, expected: String) {
        let request = HTTPRequest(
            method: method, url: "https://shop.example/heyi\(path)", timeout: .seconds(1), responseBytesMax: 1)
        #expect(MeasuredTransport.operation(of: request) == expected)
    }
}
