import Commerce
import Foundation
import Mall
import Simulation
import Store
import TestKit
import Testing

/// Sixty-four buyers at once, on a real directory, so that they share commits.
///
/// Whatever they do, at the end every unit and every minor unit is where the books say, and where the till says.
@Suite struct BuyersTests {
    private static let buyers = 64

    private struct House {
        let folder: String
        let time = ManualTime()
        let store: Store
        let market: Market

        init(seed: UInt64, fault: OrderFault? = nil, inStock: StockFault? = nil) async throws {
            folder = FileManager.default.temporaryDirectory.appendingPathComponent("heyi-buyers-\(UUID())").path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let surroundings = Surroundings(
                time: time, random: SeededRandom(seed: seed), ids: CountingIDs(), plantedInStock: inStock, plantedInOrders: fault)
            store = try Store(.directory(folder), surroundings: surroundings)
            var dials = Till.Dials()
            (dials.forgetsToAnswer, dials.loses, dials.refusesRefunds) = (150, 350, 200)
            let market = Market(seed: seed, till: Till(surroundings: surroundings, dials: dials))
            self.market = market
            try await store.write { writing throws(StoreError) in
                try writing.putChannel(Market.shop, settings: [:])
                try market.open(writing)
            }
        }
    }

    @Test(arguments: [UInt64(1), 2, 3, 4]) func `nothing is sold twice and no money is lost, whatever buyers do`(seed: UInt64) async throws {
        let found = try await Self.play(try await House(seed: seed))
        #expect(found == [])
    }

    @Test(arguments: OrderFault.allCases) func `a planted mistake of orders shows in some shop`(fault: OrderFault) async throws {
        for seed in UInt64(1)...40 where try await Self.isFound(try await House(seed: seed, fault: fault)) { return }
        Issue.record("\(fault.rawValue) was found in none of forty shops")
    }

    @Test(arguments: [StockFault.looksThenTakes, .looksLineByLine])
    func `a planted mistake of stock shows in some shop`(fault: StockFault) async throws {
        for seed in UInt64(1)...40 where try await Self.isFound(try await House(seed: seed, inStock: fault)) { return }
        Issue.record("\(fault.rawValue) was found in none of forty shops")
    }

    private static func isFound(_ house: House) async throws -> Bool {
        // What the schema itself refuses is found as well.
        do { return try await !play(house).isEmpty } catch is StoreError { return true }
    }

    /// Days of a shop: everybody acts at once, then time passes and what is due is done.
    ///
    /// - Returns: what is amiss in the end.
    private static func play(_ house: House) async throws -> [String] {
        let (market, store) = (house.market, house.store)
        for day in 0..<10 {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for buyer in 0..<buyers {
                    group.addTask { try await market.act("1-\(buyer)", turn: UInt64(day * buyers + buyer), in: store) }
                }
                try await group.waitForAll()
            }
            house.time.advance(by: .seconds([60, 900, 901, 3_600, 86_400][day % 5]))
            try await market.clerk(store).work()
        }
        // The till answers again, and everything that was owed is settled.
        market.till.turn { $0 = Till.Dials() }
        for _ in 0..<6 {
            house.time.advance(by: .seconds(40 * 86_400))
            try await market.clerk(store).work()
        }
        let now = house.time.now()
        let found = try await store.read { reading throws(StoreError) in
            try reading.examine().map { "\($0.subject): \($0.problem)" } + market.amiss(reading, remembers: true, now: now)
        }
        await store.close()
        try FileManager.default.removeItem(atPath: house.folder)
        return found
    }
}
