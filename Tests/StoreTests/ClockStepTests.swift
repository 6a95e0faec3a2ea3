import Commerce
import Store
import TestKit
import Testing

@Suite struct ClockStepTests {
    private let decade: Duration = .seconds(315_360_000)

    @Test func `a callback to be tried again is not put off by a clock that was set back`() async throws {
        let time = ManualTime()
        let store = try Store(.memory, surroundings: .still(time: time))
        let web = try #require(ChannelID("web"))
        let retryAt = time.now() + .seconds(600)
        try await store.write { writing throws(StoreError) in
            try writing.putChannel(web, settings: [:])
            let channel = try writing.reading.requireChannel(web)
            _ = try writing.receive(channel, event: "m1", body: [1])
            for item in try writing.reading.inbox(limit: 10) { try writing.markFailed(item, error: "not now", retryAt: retryAt) }
        }
        time.advance(by: .zero - decade)
        let back = decade
        try await store.write { writing throws(StoreError) in
            #expect(writing.clockBehind == .zero)
            try writing.follow(clockStep: .zero - back)
        }
        #expect(try await due(store, time) == 0)
        time.advance(by: .seconds(601))
        #expect(try await due(store, time) == 1)
        await store.close()
    }

    @Test func `a clock behind what the store has seen is noticed`() async throws {
        let time = ManualTime()
        let store = try Store(.memory, surroundings: .still(time: time))
        try await store.put("c", 1)
        time.advance(by: .seconds(-7_200))
        let behind = try await store.write { writing throws(StoreError) in writing.clockBehind }
        #expect(behind == .seconds(7_200))
        await store.close()
    }

    private func due(_ store: Store, _ time: ManualTime) async throws -> Int {
        let now = time.now()
        return try await store.read { reading throws(StoreError) in try reading.dueInbox(at: now, limit: 10).count }
    }
}
