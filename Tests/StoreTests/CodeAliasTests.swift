import Commerce
import ConflictResolution
import Store
import TestKit
import Testing

@Suite struct CodeAliasTests {
    private let cup = EntityRef(.sku, EntityID("cup-1")!)
    private let pot = EntityRef(.sku, EntityID("pot-1")!)
    private let identity = UnitName("identity")!

    private func open() async throws -> Store {
        let store = try Store(.memory, surroundings: .still())
        let skus = [cup, pot]
        try await store.write { writing throws(StoreError) in
            for sku in skus { try writing.create(sku) }
            try writing.putChannel(ChannelID("web")!, settings: [:])
        }
        return store
    }

    private func give(_ code: String?, to sku: EntityRef, by channel: ChannelID? = nil, _ store: Store) async throws {
        let unit = UnitRef(sku, identity)
        try await store.write { writing throws(StoreError) in
            let actor = try channel.map { id throws(StoreError) in try writing.reading.requireChannel(id).actor.actor }
            let seen = try writing.reading.view(unit)?.clock ?? VectorClock()
            _ = try writing.apply(
                UnitWrite(
                    unit, code.map { ["product": "p", "code": .string($0)] },
                    causality: actor.map { .observed($0, seen: seen) } ?? .hub, author: "test",
                    origin: actor == nil ? .api : .channel, asOwner: actor != nil))
        }
    }

    private func holder(of code: String, _ store: Store) async throws -> EntityRef? {
        try await store.read { reading throws(StoreError) in
            try reading.entity(namespace: AliasNamespace.code, kind: .sku, key: code)
        }
    }

    @Test(arguments: [nil, ChannelID("web")])
    func `a SKU is found by the code it has now, whoever gave it`(channel: ChannelID?) async throws {
        let store = try await open()
        try await give("CUP", to: cup, store)
        try await give("MUG", to: cup, by: channel, store)
        #expect(try await holder(of: "MUG", store) == cup)
        #expect(try await holder(of: "CUP", store) == nil)
        try await give(nil, to: cup, store)
        #expect(try await holder(of: "MUG", store) == nil)
    }

    @Test func `a code names the SKU that had it first until that one gives it up`() async throws {
        let store = try await open()
        try await give("CUP", to: cup, store)
        try await give("CUP", to: pot, by: ChannelID("web"), store)
        #expect(try await holder(of: "CUP", store) == cup)
        try await give("MUG", to: cup, store)
        try await give("POT", to: pot, store)
        try await give("CUP", to: pot, store)
        #expect(try await holder(of: "CUP", store) == pot)
    }
}
