import Commerce
import Logging
import Store
import TestKit
import Testing

@testable import SyncDaemon

@Suite struct HousekeepingTests {
    private let day: Duration = .seconds(86_400)

    @Test func `what was applied, answered or deleted long ago goes, and what still waits stays`() async throws {
        let time = ManualTime()
        let store = try Store(.memory, surroundings: .still(time: time))
        let web = try #require(ChannelID("web"))
        let gone = EntityRef(.brand, try #require(EntityID("gone")))
        try await store.write { writing throws(StoreError) in
            try writing.putChannel(web, settings: [:])
            let channel = try writing.reading.requireChannel(web)
            for event in ["applied", "waiting"] { _ = try writing.receive(channel, event: event, body: [1]) }
            for item in try writing.reading.inbox(limit: 10) where item.event == "applied" { try writing.markApplied(item) }
            try writing.remember(scope: "ch:web", key: "m1", request: [1], status: 200, answer: [2])
            for scope in [Shopper(channel: web, member: nil).keyScope, Shopper(channel: web, member: EntityID("m")).keyScope] {
                try writing.remember(scope: scope, key: "k1", request: [1], status: 201, answer: [2])
            }
            try writing.create(gone)
            _ = try writing.apply(UnitWrite(UnitRef(gone, .life), ["state": "deleted"], author: "t", origin: .api))
            try writing.create(EntityRef(.brand, EntityID("stays")!))
            let stays = UnitRef(EntityRef(.brand, EntityID("stays")!), .life)
            _ = try writing.apply(UnitWrite(stays, ["state": "live"], author: "t", origin: .api))
            try writing.advance(channel, to: try writing.reading.newestSequence())
        }
        let housekeeping = Housekeeping(store: store, logger: Logger(label: "t") { _ in SwiftLogNoOpLogHandler() })
        let keep = Housekeeping.Keep(inbox: day * 30, tombstones: day * 180)

        time.advance(by: day)
        #expect(try await housekeeping.round(keep) == Housekeeping.Cleared())
        time.advance(by: day * 28)
        #expect(try await housekeeping.round(keep) == Housekeeping.Cleared(callbacks: 0, answers: 2, entities: 0))
        time.advance(by: day * 2)
        #expect(try await housekeeping.round(keep) == Housekeeping.Cleared(callbacks: 1, answers: 1, entities: 0))
        time.advance(by: day * 150)
        #expect(try await housekeeping.round(keep) == Housekeeping.Cleared(callbacks: 0, answers: 0, entities: 1))
        let left = try await store.read { reading throws(StoreError) in
            (
                inbox: try reading.inbox(limit: 10).map(\.event), buried: try reading.isBuried(gone),
                audit: try reading.auditEntries(limit: 1).map { "\($0.principal) \($0.action) \($0.subject)" }
            )
        }
        #expect(left.inbox == ["waiting"])
        #expect(left.buried)
        #expect(left.audit == ["housekeeping bury brand/gone"])
    }

    @Test func `what shoppers left goes when its time is over, and what members and orders hold stays`() async throws {
        let time = ManualTime()
        let store = try Store(.memory, surroundings: .still(time: time))
        let (web, member) = (try #require(ChannelID("web")), try #require(EntityID("m")))
        let sku = EntityRef(.sku, try #require(EntityID("cup")))
        let (old, young, own, used) = try await store.write { writing throws(StoreError) in
            try writing.putChannel(web, settings: [:])
            try writing.create(sku)
            let old = try writing.openCart(at: web).id
            _ = try writing.edit(cart: old, of: web, [.add(sku, 2)])
            let merged = try writing.openCart(at: web).id
            _ = try writing.mergeCart(merged, of: web, into: member)
            for _ in 0..<1_100 { _ = try writing.openCart(at: web) }
            let used = try writing.offer(["total": 1], to: member, at: web, for: .seconds(60)).id
            _ = try writing.use(quote: used, of: web, member: member, for: "20261123-a")
            _ = try writing.offer(["total": 2], to: member, at: web, for: .seconds(60))
            return (old, try writing.openCart(at: web).id, try writing.openCart(ofMember: member, at: web).id, used)
        }
        let housekeeping = Housekeeping(store: store, logger: Logger(label: "t") { _ in SwiftLogNoOpLogHandler() })
        let keep = Housekeeping.Keep(inbox: day * 30, tombstones: day * 180)
        time.advance(by: day * 3)
        #expect(try await housekeeping.round(keep) == Housekeeping.Cleared(quotes: 1))
        time.advance(by: day * 86)
        try await store.write { writing throws(StoreError) in _ = try writing.edit(cart: young, of: web, [.add(sku, 1)]) }
        time.advance(by: day * 2)
        #expect(try await housekeeping.round(keep) == Housekeeping.Cleared(carts: 1_102))
        let left = try await store.read { reading throws(StoreError) in
            (
                old: try reading.cart(old, of: web), young: try reading.cart(young, of: web)?.lines.count,
                own: try reading.cart(own, of: web)?.id, used: try reading.quote(used, of: web, member: member)?.usedBy,
                amiss: try reading.examine().map(\.problem)
            )
        }
        #expect(left.old == nil && left.young == 1 && left.own == own && left.used == "20261123-a" && left.amiss == [])
    }

    @Test func `what is old goes from between what is dead and what is young, however many there are`() async throws {
        let time = ManualTime()
        let store = try Store(.memory, surroundings: .still(time: time))
        let web = try #require(ChannelID("web"))
        try await store.write { writing throws(StoreError) in _ = try writing.putChannel(web, settings: [:]) }
        func receive(_ count: Int, _ prefix: String) async throws {
            try await store.write { writing throws(StoreError) in
                let channel = try writing.reading.requireChannel(web)
                for index in 1...count { _ = try writing.receive(channel, event: "\(prefix)\(index)", body: [1]) }
                for item in try writing.reading.inbox(state: .waiting, limit: count) {
                    if item.number % 400 == 0 {
                        try writing.markFailed(item, error: "no JSON", retryAt: nil)
                    } else {
                        try writing.markApplied(item)
                    }
                }
            }
        }
        try await receive(1_200, "old")
        time.advance(by: day * 20)
        try await receive(10, "young")
        time.advance(by: day * 11)
        let housekeeping = Housekeeping(store: store, logger: Logger(label: "t") { _ in SwiftLogNoOpLogHandler() })
        let cleared = try await housekeeping.round(Housekeeping.Keep(inbox: day * 30, tombstones: day * 180))
        #expect(cleared.callbacks == 1_197)
        let counts = try await store.read { reading throws(StoreError) in try reading.inboxFigures().counts }
        #expect(counts == [.dead: 3, .applied: 10])
    }
}
