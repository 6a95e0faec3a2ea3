import ChannelAdapters
import Commerce
import ConflictResolution
import Store
import SyncEngine
import TestKit
import Testing

/// A channel that draws a new incarnation for every write.
@Suite struct EndlessLivesTests {
    private let id = ChannelID("web")!
    private let product = EntityRef(.product, EntityID("tea")!)

    private func observe(_ writing: Writing, _ incarnation: String, clock: JSON = [:], count: UInt64 = 1) throws(StoreError) -> Observed {
        let record = try writing.reading.requireChannel(id)
        let capabilities = Capabilities(keepsClocks: true, comparesAndSwaps: false, recognisesKeys: false, batchMax: 10)
        return try Observer(writing, channel: record, settings: ChannelSettings(json: record.settings), capabilities: capabilities)
            .observe(
                Observation(
                    entity: RemoteRef(kind: .product, id: "tea"), unit: UnitName("tags")!, content: .value([.string(incarnation)]),
                    token: CausalToken(json: clock), dot: DotToken(actor: "ch:web:\(incarnation)", count: count)))
    }

    private func store() async throws -> Store {
        let store = try Store(.memory, surroundings: .still())
        let (id, product) = (self.id, self.product)
        try await store.write { writing throws(StoreError) in
            try writing.create(product)
            try writing.putChannel(id, settings: ChannelSettings().json)
            // Its ghost is the first.
            for number in 1..<Writing.livesMax {
                try writing.admit(author: ActorIdentity(role: .channel, name: "web", incarnation: "i\(number)"))
            }
        }
        return store
    }

    @Test func `one incarnation too many is refused by its member, and those that are known go on`() async throws {
        let store = try await store()
        try await store.write { writing throws(StoreError) in
            guard case .refused(_, "dot.actor", let reason) = try observe(writing, "another") else {
                Issue.record("it was taken")
                return
            }
            #expect(reason.contains("256 incarnations") && reason.contains("needs another id"))
            guard case .applied = try observe(writing, "i7") else { Issue.record("a known one was refused"); return }
        }
    }

    @Test func `a clock cannot make lives known either`() async throws {
        let store = try await store()
        try await store.write { writing throws(StoreError) in
            guard case .refused(_, "clock", let reason) = try observe(writing, "i7", clock: ["ch:web:another": 3]) else {
                Issue.record("it was taken")
                return
            }
            #expect(reason.contains("ch:web:another"))
        }
    }

    @Test func `another channel has lives of its own`() async throws {
        let store = try await store()
        try await store.write { writing throws(StoreError) in
            try writing.admit(author: ActorIdentity(role: .channel, name: "app", incarnation: "1"))
        }
    }

    @Test func `a shop that is another data set each time it is asked is stopped, and an operator's word goes on`() async throws {
        let store = try await store()
        let id = self.id
        try await store.write { writing throws(StoreError) in
            #expect(try !writing.meetChannel(id, generation: "g1", actor: nil))
            do throws(StoreError) {
                _ = try writing.meetChannel(id, generation: "g2", actor: nil)
                Issue.record("it was met")
            } catch {
                #expect(error.description.contains("generation"))
            }
            try writing.resyncChannel(id)
        }
    }
}
