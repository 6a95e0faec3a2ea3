import Commerce
import ConflictResolution
import Store
import TestKit
import Testing

@Suite struct CartTests {
    static let ann = EntityID("ann")!

    private func edit(_ world: StockWorld, _ id: String, _ edits: [CartEdit], since base: Int64? = nil) async throws -> CartOutcome {
        try await world.store.write { writing throws(StoreError) in
            try writing.edit(cart: id, of: StockWorld.web, edits, since: base)
        }
    }

    private func guest(_ world: StockWorld) async throws -> Cart {
        try await world.store.write { writing throws(StoreError) in try writing.openCart(at: StockWorld.web) }
    }

    private func ofAnn(_ world: StockWorld) async throws -> Cart {
        try await world.store.write { writing throws(StoreError) in try writing.openCart(ofMember: CartTests.ann, at: StockWorld.web) }
    }

    private func merge(_ world: StockWorld, _ id: String, into member: EntityID = CartTests.ann) async throws -> CartOutcome {
        try await world.store.write { writing throws(StoreError) in try writing.mergeCart(id, of: StockWorld.web, into: member) }
    }

    private func now(_ world: StockWorld, _ id: String, of channel: ChannelID = StockWorld.web) async throws -> Cart? {
        try await world.store.read { reading throws(StoreError) in try reading.cart(id, of: channel) }
    }

    private func text(_ cart: Cart?) -> String? {
        cart.map { cart in cart.lines.map { "\($0.sku.id)×\($0.quantity)" }.joined(separator: " ") }
    }

    private func text(_ pairs: [(Int, Int64)]) -> String { pairs.map { "\(sku($0.0).id)×\($0.1)" }.joined(separator: " ") }

    @Test func `two who edit different lines of one cart both get what they wanted`() async throws {
        let world = try await StockWorld()
        let cart = try await guest(world)
        _ = try await edit(world, cart.id, [.set(sku(1), 1)])
        let seen = try #require(try await now(world, cart.id)).version
        _ = try await edit(world, cart.id, [.set(sku(1), 5)], since: seen)
        guard case .changed(let both) = try await edit(world, cart.id, [.set(sku(2), 3)], since: seen) else {
            Issue.record("the second edit was refused"); return
        }
        #expect(text(both) == text([(1, 5), (2, 3)]))
    }

    @Test func `two who set one line to different numbers: the second is told, and nothing of theirs is done`() async throws {
        let world = try await StockWorld()
        let cart = try await guest(world)
        _ = try await edit(world, cart.id, [.set(sku(1), 1)])
        _ = try await edit(world, cart.id, [.set(sku(1), 5)], since: 2)
        guard case .conflict(let there, let lines) = try await edit(world, cart.id, [.set(sku(2), 9), .set(sku(1), 4)], since: 2)
        else { Issue.record("an edit was lost unseen"); return }
        #expect(lines == [sku(1)])
        #expect(text(there) == text([(1, 5)]))
        #expect(text(try await now(world, cart.id)) == text([(1, 5)]))
        // What both want is no conflict, and what both add adds up.
        #expect(try await edit(world, cart.id, [.set(sku(1), 5)], since: 2) == .unchanged(there))
        _ = try await edit(world, cart.id, [.add(sku(1), 2)], since: 2)
        #expect(text(try await now(world, cart.id)) == text([(1, 7)]))
    }

    @Test func `a line taken out meanwhile does not come back by an edit that had not seen it go`() async throws {
        let world = try await StockWorld()
        let cart = try await guest(world)
        _ = try await edit(world, cart.id, [.set(sku(1), 1), .set(sku(2), 1)])
        _ = try await edit(world, cart.id, [.set(sku(1), 0)], since: 2)
        guard case .conflict = try await edit(world, cart.id, [.set(sku(1), 3)], since: 2) else {
            Issue.record("it came back"); return
        }
        #expect(text(try await now(world, cart.id)) == text([(2, 1)]))
    }

    @Test func `a guest's cart goes into the member's once, however often it is said`() async throws {
        let world = try await StockWorld()
        let mine = try await ofAnn(world)
        _ = try await edit(world, mine.id, [.set(sku(1), 2)])
        let cart = try await guest(world)
        _ = try await edit(world, cart.id, [.set(sku(1), 1), .set(sku(3), 4)])
        for _ in 1...3 { _ = try await merge(world, cart.id) }
        #expect(text(try await now(world, mine.id)) == text([(1, 3), (3, 4)]))
        #expect(try await edit(world, cart.id, [.add(sku(1), 1)]) == .merged(into: mine.id))
        #expect(try await ofAnn(world).id == mine.id)
        // Taken out again, it does not come back by a repeat.
        _ = try await edit(world, mine.id, [.set(sku(3), 0)])
        _ = try await merge(world, cart.id)
        #expect(text(try await now(world, mine.id)) == text([(1, 3)]))
        await #expect(throws: StoreError.self) { _ = try await merge(world, cart.id, into: EntityID("ben")!) }
        await #expect(throws: StoreError.self) { _ = try await merge(world, mine.id, into: EntityID("ben")!) }
    }

    @Test(arguments: [
        CartEdit.set(sku(1), -1), .add(sku(1), 0), .add(sku(1), -3), .set(sku(1), 1_000_000_001), .set(sku(1), .max), .add(sku(1), .max),
        .set(sku(99), 1), .set(EntityRef(.product, EntityID("p")!), 1),
    ]) func `a quantity or a SKU that cannot be is refused, and the edits beside it are not done`(bad: CartEdit) async throws {
        let world = try await StockWorld()
        let cart = try await guest(world)
        await #expect(throws: StoreError.self) { _ = try await edit(world, cart.id, [.set(sku(2), 1), bad]) }
        #expect(try await now(world, cart.id) == cart)
    }

    @Test func `a cart takes a thousand lines and refuses one more, saying so`() async throws {
        let world = try await StockWorld()
        try await world.store.write { writing throws(StoreError) in for number in 5...1_001 { try writing.create(sku(number)) } }
        let cart = try await guest(world)
        guard case .changed(let full) = try await edit(world, cart.id, (1...1_000).map { .set(sku($0), 1) }) else {
            Issue.record("a thousand lines were refused"); return
        }
        #expect(full.lines.count == 1_000)
        let refused = await #expect(throws: StoreError.self) { _ = try await edit(world, cart.id, [.add(sku(1_001), 1)]) }
        #expect(refused.map { "\($0)" }?.contains("at most 1000") == true)
        #expect(try await now(world, cart.id) == full)
        let other = try await guest(world)
        _ = try await edit(world, other.id, [.set(sku(1_001), 1)])
        _ = try await merge(world, cart.id)
        await #expect(throws: StoreError.self) { _ = try await merge(world, other.id) }
        #expect(try await now(world, other.id)?.mergedInto == nil)
    }

    @Test func `what is buried leaves the carts too, and nothing new is found in its place`() async throws {
        let world = try await StockWorld()
        let cart = try await guest(world)
        _ = try await edit(world, cart.id, [.set(sku(4), 2), .set(sku(1), 1)])
        try await world.store.write { writing throws(StoreError) in
            for number in [4, 3] {
                _ = try writing.apply(UnitWrite(UnitRef(sku(number), .life), ["state": "deleted"], author: "t", origin: .api))
            }
            let newest = try writing.reading.newestSequence()
            for record in try writing.reading.channels() { try writing.advance(record, to: newest) }
        }
        world.time.advance(by: .seconds(181 * 86_400))
        let buried = try await world.store.write { writing throws(StoreError) in try writing.bury() }
        #expect(buried == [sku(4)])
        try await world.store.write { writing throws(StoreError) in try writing.create(sku(9)) }
        #expect(text(try await now(world, cart.id)) == text([(1, 1)]))
    }

    @Test func `a cart of another channel is not there`() async throws {
        let world = try await StockWorld()
        let cart = try await guest(world)
        #expect(try await now(world, cart.id, of: StockWorld.app) == nil)
        await #expect(throws: StoreError.notFound("cart \(cart.id)")) {
            try await world.store.write { writing throws(StoreError) in
                _ = try writing.edit(cart: cart.id, of: StockWorld.app, [.set(sku(1), 1)])
            }
        }
    }
}
