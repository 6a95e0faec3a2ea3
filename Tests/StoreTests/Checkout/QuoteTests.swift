import Commerce
import Foundation
import GRDB
import TestKit
import Testing

@testable import Store

@Suite struct QuoteTests {
    private let ann = EntityID("ann")!

    private func offered(_ world: StockWorld) async throws -> Quote {
        let ann = ann
        return try await world.store.write { writing throws(StoreError) in
            try writing.offer(["total": .integer(1_990)], to: ann, at: StockWorld.web, for: .seconds(900))
        }
    }

    private func use(_ world: StockWorld, _ quote: Quote, by member: EntityID?, for order: String) async throws -> QuoteOutcome {
        try await world.store.write { writing throws(StoreError) in
            try writing.use(quote: quote.id, of: StockWorld.web, member: member, for: order)
        }
    }

    @Test func `a quote becomes one order, also when it is said again after its time`() async throws {
        let world = try await StockWorld()
        let quote = try await offered(world)
        #expect(try await use(world, quote, by: ann, for: "o-1") == .used(quote))
        #expect(try await use(world, quote, by: ann, for: "o-2") == .already(order: "o-1"))
        world.time.advance(by: .seconds(900))
        #expect(try await use(world, quote, by: ann, for: "o-3") == .already(order: "o-1"))
    }

    @Test func `a quote whose time is over becomes nothing`() async throws {
        let world = try await StockWorld()
        let quote = try await offered(world)
        world.time.advance(by: .seconds(900))
        #expect(try await use(world, quote, by: ann, for: "o-1") == .expired(at: quote.expiresAt))
        world.time.advance(by: .seconds(86_400))
        let forgotten = try await world.store.write { writing throws(StoreError) in try writing.forgetQuotes(expiredFor: .seconds(3_600)) }
        #expect(forgotten == 1)
    }

    @Test func `another member's quote is not there, nor is one of another channel`() async throws {
        let world = try await StockWorld()
        let quote = try await offered(world)
        for member in [EntityID("ben"), nil] {
            await #expect(throws: StoreError.notFound("quote \(quote.id)")) { _ = try await use(world, quote, by: member, for: "o-1") }
        }
        let ann = ann
        let elsewhere = try await world.store.read { reading throws(StoreError) in
            try reading.quote(quote.id, of: StockWorld.app, member: ann)
        }
        #expect(elsewhere == nil)
    }

    @Test func `a quote that was altered behind the store's back is never used`() async throws {
        let world = try await StockWorld()
        let quote = try await offered(world)
        try await world.store.connection.writeWithoutTransaction { db in
            try db.execute(sql: "UPDATE quote SET body = ?", arguments: [Data(#"{"total":1}"#.utf8)])
        }
        await #expect(throws: StoreError.corrupt("quote \(quote.id) is not what was offered")) {
            _ = try await use(world, quote, by: ann, for: "o-1")
        }
    }
}
