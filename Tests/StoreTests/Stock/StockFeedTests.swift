import Commerce
import GRDB
import TestKit
import Testing

@testable import Store

@Suite struct StockFeedTests {
    private func feed(_ world: StockWorld, after position: Int64 = 0, limit: Int = 10) async throws -> FeedPage {
        try await world.store.read { reading throws(StoreError) in try reading.feed(after: position, limit: limit) }
    }

    @Test func `a SKU is in the feed once, where its stock moved last`() async throws {
        let world = try await StockWorld()
        for number in 1...3 { try await world.move(.receive(5), number, cause: "po-\(number)") }
        try await world.move(.receive(5), 1, cause: "po-4")
        let page = try await feed(world)
        #expect(page.moves.map(\.entity) == [sku(2), sku(3), sku(1)])
        #expect(page.through == page.newest)
        #expect(page.moves.last?.sequence == page.newest)
        #expect(try await feed(world, after: page.through).moves.isEmpty)
    }

    @Test func `units and stock share one counter, and a page leaves out neither`() async throws {
        let world = try await StockWorld()
        for number in 1...4 {
            try await world.store.put("c\(number)", number)
            try await world.move(.receive(5), number, cause: "po-\(number)")
        }
        var (position, seen): (Int64, [Int64]) = (0, [])
        while true {
            let page = try await feed(world, after: position, limit: 2)
            seen += (page.changes.map(\.sequence) + page.moves.map(\.sequence)).sorted()
            if page.through == position { break }
            position = page.through
        }
        #expect(seen == Array(1...8))
    }

    @Test func `what nobody outside can see moves nothing`() async throws {
        let world = try await StockWorld()
        try await world.move(.receive(5), cause: "po-1")
        #expect(try await world.reserve("order/1", [("1", 1, 1)]).isHeld)
        let before = try await feed(world).newest
        #expect(try await world.claim("order/1").isDone)
        let (parts, cause) = (try demand([("1", 1, 1)]), try StockCause("parcel/1"))
        _ = try await world.store.write { writing throws(StoreError) in
            try writing.ship(owner: "order/1", parts: parts, cause: cause, author: "t")
        }
        #expect(try await feed(world).newest == before)
    }

    @Test func `many buyers of one SKU in one commit cost one balance and one place in the feed`() async throws {
        let world = try await StockWorld()
        try await world.move(.receive(100), cause: "po-1")
        let (rows, newest) = (world.store.balanceRowsWritten, try await feed(world).newest)
        let requests = try (1...64).map { try world.request("order/\($0)", [("1", 1, 1)]) }
        let outcomes = await world.store.writeEach(requests) { writing, request throws(StoreError) in try writing.reserve(request) }
        #expect(try outcomes.filter { try $0.get().isHeld }.count == 64)
        #expect(world.store.balanceRowsWritten == rows + 1)
        #expect(try await feed(world).newest == newest + 1)
        #expect(try await world.balance().reserved == 64)
        #expect(try await world.amiss() == [])
    }

    @Test func `a write that fails takes back what it did to a balance, and nothing of its neighbours`() async throws {
        let world = try await StockWorld()
        try await world.move(.receive(100), cause: "po-1")
        let requests = try (1...40).map { (number: $0, request: try world.request("order/\($0)", [("1", 1, 2)])) }
        let outcomes = await world.store.writeEach(requests) { writing, item throws(StoreError) in
            let outcome = try writing.reserve(item.request)
            // Reading in between has the balances written, inside the write that fails.
            if item.number % 4 == 0 { _ = try writing.reading.stockLevels(sku(1), at: world.time.now()) }
            if item.number % 2 == 0 { throw StoreError.contradiction("even") }
            return outcome
        }
        #expect(try outcomes.enumerated().filter { $0.offset % 2 == 0 }.allSatisfy { try $0.element.get().isHeld })
        let balance = try await world.balance()
        #expect((balance.pool, balance.reserved) == (60, 40))
        #expect(try await world.amiss() == [])
    }

    @Test func `a store that is opened again gives out no sequence twice`() async throws {
        let scratch = try Scratch()
        let world = try await StockWorld(try scratch.open())
        try await world.move(.receive(5), cause: "po-1")
        let newest = try await feed(world).newest
        await world.store.close()
        let again = try scratch.open(ids: "again")
        #expect(again.life.rebirth == nil)
        try await again.put("c1", 1)
        let page = try await again.read { reading throws(StoreError) in try reading.feed(after: newest, limit: 10) }
        #expect(page.changes.map(\.sequence) == [newest + 1])
        #expect(try await again.read { reading throws(StoreError) in try reading.stockVersion(sku(1)) } == newest)
        await again.close()
    }

    @Test func `a channel's rule changes what it is shown, and so moves the SKU`() async throws {
        let world = try await StockWorld()
        try await world.move(.receive(50), cause: "po-1")
        let before = try await feed(world).newest
        let (policy, now) = (try PublishingPolicy(share: 500, cap: 20), world.now)
        try await world.store.write { writing throws(StoreError) in try writing.setPublishingPolicy(policy, of: StockWorld.web) }
        #expect(try await feed(world, after: before).moves.map(\.entity) == [sku(1)])
        for (channel, expected) in [(StockWorld.web, Int64(20)), (StockWorld.app, 50)] {
            let shown = try await world.store.read { reading throws(StoreError) in
                try reading.published(sku(1), to: try reading.requireChannel(channel), at: now)
            }
            #expect(shown == expected)
        }
    }
}
