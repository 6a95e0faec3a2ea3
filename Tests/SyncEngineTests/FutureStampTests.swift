import ChannelAdapters
import Commerce
import ConflictResolution
import Store
import SyncEngine
import TestKit
import Testing

/// A channel whose clock is years ahead, where the last writer decides.
@Suite struct FutureStampTests {
    private let id = ChannelID("web")!
    private let category = EntityRef(.category, EntityID("c")!)
    private let tenYears = Duration.seconds(10 * 365 * 86_400)

    private func observe(
        _ writing: Writing, _ position: Int64, dot: DotToken? = nil, after time: Duration
    ) throws(StoreError) -> Observed {
        let record = try writing.reading.requireChannel(id)
        let capabilities = Capabilities(
            keepsClocks: dot != nil, comparesAndSwaps: false, recognisesKeys: false, batchMax: 10)
        return try Observer(writing, channel: record, settings: ChannelSettings(json: record.settings), capabilities: capabilities)
            .observe(
                Observation(
                    entity: RemoteRef(kind: .category, id: "c"), unit: UnitName("place")!,
                    content: .value(["position": .integer(position)]), token: dot == nil ? nil : CausalToken(json: [:]), dot: dot,
                    modified: writing.now + time))
    }

    private func store() async throws -> Store {
        let store = try Store(.memory, surroundings: .still())
        let (id, category) = (self.id, self.category)
        try await store.write { writing throws(StoreError) in
            try writing.create(category)
            try writing.putChannel(id, settings: ChannelSettings().json)
        }
        return store
    }

    @Test func `an edit from a shop that lives in the future is taken up and wins over nothing later`() async throws {
        let store = try await store()
        let unit = UnitRef(category, UnitName("place")!)
        try await store.write { writing throws(StoreError) in
            let observed = try observe(writing, 3, after: tenYears)
            guard case .applied = observed else { Issue.record("lost: \(observed)"); return }
        }
        #expect(try await live(store, unit) == ["position": 3])
        // Of two writes that know nothing of each other, the later must still win: the hub's.
        _ = try await store.write { writing throws(StoreError) in
            try writing.apply(
                UnitWrite(unit, ["position": 4], causality: .hubHaving(seen: VectorClock(), keepBoth: true), author: "t", origin: .api))
        }
        #expect(try await live(store, unit) == ["position": 4])
        try await store.write { writing throws(StoreError) in
            let newest = try writing.reading.head(unit)?.stamp.time ?? writing.now
            #expect(newest - writing.now <= Stamp.aheadMax)
        }
    }

    @Test func `a counted write from the future is refused with its member, and the clock of the store stays`() async throws {
        let store = try await store()
        try await store.write { writing throws(StoreError) in
            let observed = try observe(writing, 3, dot: DotToken(actor: "ch:web:x", count: 1), after: tenYears)
            guard case .refused(_, let field, let reason) = observed else { Issue.record("taken: \(observed)"); return }
            #expect(field == "stamp" && reason.contains("300 s ahead"))
        }
    }

    private func live(_ store: Store, _ unit: UnitRef) async throws -> JSON? {
        try await store.read { reading throws(StoreError) in try reading.live(unit) }
    }
}
