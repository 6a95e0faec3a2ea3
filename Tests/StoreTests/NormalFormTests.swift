import Commerce
import ConflictResolution
import Store
import TestKit
import Testing

@Suite struct NormalFormTests {
    private let web = ActorIdentity(role: .channel, name: "web", incarnation: "1")
    private let app = ActorIdentity(role: .channel, name: "app", incarnation: "1")
    private let unit = place("c1")

    private func open() async throws -> Store {
        let store = try Store(.memory, surroundings: .still())
        let (web, app, entity) = (self.web, self.app, unit.entity)
        try await store.write { writing throws(StoreError) in
            try writing.introduce(web)
            try writing.introduce(app)
            try writing.create(entity)
        }
        return store
    }

    /// A channel's own write, spelled with an absent parent written out.
    private func post(
        _ store: Store, _ author: ActorIdentity, _ count: UInt64, _ position: Int64, seen: VectorClock = VectorClock(),
        at milliseconds: Int64? = nil
    ) async throws -> UnitOutcome.Applied? {
        let unit = self.unit
        let outcome = try await store.write { writing throws(StoreError) in
            try writing.apply(
                UnitWrite(
                    unit, ["parent": .null, "position": .integer(position)],
                    causality: .counted(Dot(actor: author.actor, count: count), seen: seen),
                    stamp: milliseconds.map { Stamp(time: Timestamp(milliseconds: $0)) }, author: "channel",
                    origin: .channel))
        }
        guard case .applied(let applied) = outcome else { return nil }
        return applied
    }

    @Test func `a value spelled otherwise comes round as a write its author has not seen`() async throws {
        let store = try await open()
        let applied = try #require(try await post(store, web, 1, 5))
        #expect(applied.prevailed)
        #expect(applied.sequence > applied.written)
        let unit = self.unit
        let head = try #require(try await store.read { reading throws(StoreError) in try reading.head(unit) })
        #expect(head.dot.actor != web.actor)
        #expect(try head.liveJSON() == ["position": 5])
        #expect(head.clock[web.actor] == 1)
    }

    @Test func `who edits twice in a row does not stand against himself`() async throws {
        let store = try await open()
        _ = try await post(store, web, 1, 5)
        var own = VectorClock()
        own.raise(web.actor, to: 1)
        let second = try #require(try await post(store, web, 2, 6, seen: own))
        #expect(second.question == nil)
        let unit = self.unit
        let view = try #require(try await store.read { reading throws(StoreError) in try reading.view(unit) })
        #expect(view.versions.count == 1)
        #expect(try view.head.liveJSON() == ["position": 6])
    }

    @Test func `who was away and edits often does not stand against himself`() async throws {
        let store = try await open()
        let unit = self.unit
        var own = VectorClock()
        for count in 1...4 as ClosedRange<UInt64> {
            // It has heard of none of the normal forms.
            _ = try await post(store, web, count, Int64(count), seen: own)
            own.raise(web.actor, to: count)
            let view = try #require(try await store.read { reading throws(StoreError) in try reading.view(unit) })
            #expect(view.versions.count == 1)
            #expect(try view.head.liveJSON() == ["position": .integer(Int64(count))])
        }
        #expect(try await store.read { reading throws(StoreError) in try reading.examine() }.isEmpty)
    }

    /// Beside the hub's value stand a channel's, each of which agrees with it.
    @Test func `where the hub decides, spelling its value otherwise again and again leaves one write`() async throws {
        let store = try await open()
        let (web, price) = (self.web, UnitRef(EntityRef(.sku, EntityID("s1")!), UnitName("price.CNY")!))
        try await store.write { writing throws(StoreError) in
            try writing.create(price.entity)
            _ = try writing.apply(UnitWrite(price, ["amount": 100], author: "operator", origin: .api))
            let hub = try writing.reading.head(price)?.clock ?? VectorClock()
            for count in 1...3 as ClosedRange<UInt64> {
                var seen = hub
                seen.raise(web.actor, to: count - 1)
                _ = try writing.apply(
                    UnitWrite(
                        price, ["amount": 100, "compare_at": .null],
                        causality: .counted(Dot(actor: web.actor, count: count), seen: seen), author: "channel",
                        origin: .channel))
            }
        }
        let view = try #require(try await store.read { reading throws(StoreError) in try reading.view(price) })
        #expect(view.versions.count == 2)
        #expect(try await store.read { reading throws(StoreError) in try reading.examine() }.isEmpty)
    }

    @Test(arguments: [true, false])
    func `the later of two ends' edits wins whichever arrives first`(webFirst: Bool) async throws {
        let store = try await open()
        let (early, late): (Int64, Int64) = (1_759_999_995_000, 1_759_999_999_000)
        if webFirst { _ = try await post(store, web, 1, 5, at: early) }
        _ = try await post(store, app, 1, 6, at: late)
        if !webFirst { _ = try await post(store, web, 1, 5, at: early) }
        let unit = self.unit
        #expect(try await store.read { reading throws(StoreError) in try reading.live(unit) } == ["position": 6])
    }
}
