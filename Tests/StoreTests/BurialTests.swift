import Commerce
import ConflictResolution
import TestKit
import Testing

@testable import Store

@Suite struct BurialTests {
    private let time = ManualTime()
    private let store: Store
    private let gone = place("gone").entity
    private let web = ChannelID("web")!

    init() async throws {
        store = try Store(.memory, surroundings: .still(time: time))
        let (gone, web) = (gone, web)
        try await store.write { writing throws(StoreError) in
            for id in [web, ChannelID("app")!] { try writing.putChannel(id, settings: [:]) }
            try writing.create(gone)
            try writing.alias(gone, namespace: "handle", key: "old")
            for number in 1...3 { _ = try writing.apply(UnitWrite(place("gone"), standing(number), author: "t", origin: .api)) }
            _ = try writing.apply(UnitWrite(UnitRef(gone, .life), ["state": "deleted"], author: "t", origin: .api))
        }
        try await store.put("stays", 1)
    }

    private func bury() async throws -> [EntityRef] {
        try await store.write { writing throws(StoreError) in try writing.bury() }
    }

    private func acknowledge(_ position: Int64, only channel: ChannelID? = nil) async throws {
        try await store.write { writing throws(StoreError) in
            for record in try writing.reading.channels() where channel == nil || record.id == channel {
                try writing.advance(record, to: position)
            }
        }
    }

    @Test func `an entity deleted long ago and known everywhere leaves only its grave`() async throws {
        try await acknowledge(5)
        time.advance(by: .seconds(181 * 86_400))
        #expect(try await bury() == [gone])
        let gone = gone
        try await store.read { reading throws(StoreError) in
            #expect(try reading.entityNumber(gone) == nil)
            #expect(try reading.isBuried(gone))
            #expect(try reading.entity(namespace: "handle", kind: .category, key: "old") == nil)
            #expect(try reading.changes(after: 0, limit: 100).map(\.sequence) == [5])
            #expect(try reading.examine() == [])
        }
        await #expect(throws: StoreError.self) {
            try await store.write { writing throws(StoreError) in try writing.create(gone) }
        }
        guard case .applied(let next) = try await store.put("stays", 2) else { Issue.record("not applied"); return }
        #expect(next.sequence == 6)
    }

    @Test func `nothing is buried while a channel is behind`() async throws {
        try await acknowledge(3)
        try await acknowledge(5, only: web)
        time.advance(by: .seconds(181 * 86_400))
        #expect(try await bury() == [])
        try await acknowledge(5)
        #expect(try await bury() == [gone])
    }

    @Test func `nothing is buried that a channel has an exception for`() async throws {
        try await acknowledge(5)
        time.advance(by: .seconds(181 * 86_400))
        let (gone, web) = (gone, web)
        try await store.write { writing throws(StoreError) in
            try writing.except(
                try writing.reading.requireChannel(web), UnitRef(gone, .life), state: .dead, sequence: 4, operation: "o",
                attempts: 1, dueAt: Timestamp(milliseconds: 0), error: "refused")
        }
        #expect(try await bury() == [])
    }

    @Test func `nothing is buried before its time, nor what holds the newest change`() async throws {
        try await acknowledge(5)
        time.advance(by: .seconds(179 * 86_400))
        #expect(try await bury() == [])
        let fresh = try Store(.memory, surroundings: .still(time: time))
        try await fresh.write { writing throws(StoreError) in
            try writing.create(place("x").entity)
            _ = try writing.apply(UnitWrite(UnitRef(place("x").entity, .life), ["state": "deleted"], author: "t", origin: .api))
        }
        time.advance(by: .seconds(200 * 86_400))
        #expect(try await fresh.write { writing throws(StoreError) in try writing.bury() } == [])
    }

    @Test func `what was deleted and came back is not buried`() async throws {
        let gone = gone
        try await store.write { writing throws(StoreError) in
            _ = try writing.apply(UnitWrite(UnitRef(gone, .life), ["state": "live"], author: "t", origin: .api))
        }
        try await store.put("stays", 3)
        try await acknowledge(7)
        time.advance(by: .seconds(400 * 86_400))
        #expect(try await bury() == [])
    }
}
