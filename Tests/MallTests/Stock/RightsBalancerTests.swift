import Commerce
import Mall
import Simulation
import Store
import TestKit
import Testing

/// Rights that follow demand.
@Suite struct RightsBalancerTests {
    private let sku = EntityRef(.sku, EntityID("cup")!)
    private let channels = ["app", "web"].map { ChannelID($0)! }
    private let time = ManualTime()

    private func store(granted: [Int64]) async throws -> Store {
        let store = try Store(.memory, surroundings: .still(time: time))
        let (sku, channels) = (self.sku, self.channels)
        let receipt = try StockOrder(.receive(200), of: sku, cause: StockCause("po-1"), author: "t")
        let causes = try channels.map { try StockCause("g-\($0)") }
        try await store.write { writing throws(StoreError) in
            try writing.create(sku)
            try writing.move(receipt)
            for (index, channel) in channels.enumerated() {
                try writing.putChannel(channel, settings: [:])
                _ = try writing.grant(granted[index], of: sku, to: channel, cause: causes[index], author: "t")
            }
            try writing.setBalancing(sku, units: granted.reduce(0, +))
        }
        return store
    }

    private func sell(_ units: Int64, by channel: ChannelID, _ order: String, _ store: Store) async throws {
        let sale = try ChannelSale(
            channel: channel, owner: order, demand: StockDemand([.init(line: "1", sku: SKUID(sku)!, quantity: units)]))
        _ = try await store.write { writing throws(StoreError) in try writing.sell(sale) }
    }

    private func rights(_ store: Store) async throws -> [Int64] {
        let sku = self.sku
        return try await store.read { reading throws(StoreError) in try reading.stockRights(sku: sku).map(\.published) }
    }

    @Test func `units go from a shop that does not sell to one that does, when the first has confirmed`() async throws {
        let store = try await store(granted: [40, 40])
        try await sell(30, by: channels[1], "o1", store)
        let balancer = RightsBalancer(store: store)
        let all = Set(channels)
        #expect(try await balancer.balance(reachable: all) == 2)
        // What the app is to give back is nobody's yet; the web got what was missing from the pool.
        let (now, sku) = (time.now(), self.sku)
        let between = try await rights(store)
        #expect(between[0] < 5 && between[1] == 40)
        let withdrawal = try await store.read { reading throws(StoreError) in
            try reading.stockRights(sku: sku).compactMap(\.withdrawal).first
        }
        let cause = try StockCause(try #require(withdrawal))
        #expect(try await balancer.balance(reachable: all) == 0)
        let app = channels[0]
        try await store.write { writing throws(StoreError) in
            _ = try writing.confirmWithdrawal(of: sku, from: app, cause: cause, author: "channel:app")
        }
        #expect(try await balancer.balance(reachable: all) == 1)
        let after = try await rights(store)
        #expect(after[1] > 70 && after.reduce(0, +) <= 80)
        // Then it rests.
        #expect(try await balancer.balance(reachable: all) == 0)
        let pool = try await store.read { reading throws(StoreError) in try reading.stockLevels(sku, at: now).first?.balance.pool }
        #expect(pool == 200 - 30 - after.reduce(0, +))
    }

    @Test func `a dark shop keeps what it has`() async throws {
        let store = try await store(granted: [40, 40])
        try await sell(30, by: channels[1], "o1", store)
        #expect(try await RightsBalancer(store: store).balance(reachable: [channels[1]]) == 1)
        #expect(try await rights(store) == [40, 40])
    }
}
