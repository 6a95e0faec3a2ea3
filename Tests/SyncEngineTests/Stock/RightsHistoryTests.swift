import ChannelSimulators
import Commerce
import Foundation
import Simulation
import Store
import Testing

/// Random histories of rights, sales, lost answers and dark shops: nothing is sold that is not there.
@Suite struct RightsHistoryTests {
    private static let seeds: ClosedRange<UInt64> =
        1...(ProcessInfo.processInfo.environment["HEYI_PROOF"] == "full" ? 1_000 : 6)

    /// - Returns: what went wrong; nil where nothing did.
    private static func play(_ seed: UInt64, _ capability: QuantityCapability, planted: StockFault? = nil) throws -> String? {
        let town = try StockTown(seed: seed, capability, planted: planted)
        let random = SeededRandom(seed: seed)
        func roll(_ sides: Int) -> Int { Int(random.next() % UInt64(sides)) }
        try town.receive(40)
        for step in 1...40 {
            let shop = roll(2)
            switch roll(9) {
            case 0, 1: try town.grant(Int64(roll(6) + 1), to: shop, "g\(step)")
            case 2:
                // Asked for again before it is confirmed, it is refused: one at a time.
                do { try town.withdraw(Int64(roll(6) + 1), from: shop, "w\(step)") } catch StoreError.contradiction {}
            case 3, 4: try town.sell(Int64(roll(4) + 1), at: shop)
            case 5: try town.tellOrders(of: shop)
            case 6: try town.turn(shop) { $0.dark = $0.dark == .off ? .closed : .off }
            case 7: try town.turn(shop) { ($0.dropAfter, $0.failBefore) = $0.dropAfter == 0 ? (400, 200) : (0, 0) }
            default: try Self.hold(town, "order/\(step)", Int64(roll(5) + 1))
            }
            town.pass(.milliseconds(Int64(roll(90_000))))
        }
        for shop in 0...1 {
            try town.turn(shop) { ($0.dark, $0.dropAfter, $0.failBefore) = (.off, 0, 0) }
            try town.tellOrders(of: shop)
        }
        town.pass(.seconds(20_000))
        let balance = try town.balance
        let (sold, amiss) = (try town.sold, try town.amiss)
        let shelves = (try town.shelf(0)) + (try town.shelf(1))
        try town.end()
        if !town.raised.isEmpty { return "seed \(seed): \(town.raised) were sold beyond rights" }
        if balance.backordered > 0 { return "seed \(seed): \(balance.backordered) are owed" }
        if sold != balance.sold { return "seed \(seed): shops sold \(sold), the ledger says \(balance.sold)" }
        if shelves != balance.rightsTotal { return "seed \(seed): shops sell from \(shelves), their rights are \(balance.rightsTotal)" }
        return amiss.isEmpty ? nil : "seed \(seed): \(amiss)"
    }

    private static func hold(_ town: StockTown, _ owner: String, _ units: Int64) throws {
        let sku = SKUID(StockTown.sku)!
        let request = try HoldRequest(
            owner: owner, demand: StockDemand([.init(line: "1", sku: sku, quantity: units)]), lifetime: .seconds(86_400))
        try town.write { writing throws(StoreError) in
            if case .held = try writing.reserve(request) { _ = try writing.doubt(owner: owner) }
        }
    }

    @Test(arguments: [QuantityCapability.adjust, .compareAndSet])
    func `shops sell their rights and nothing else, whatever is lost, dark or late`(capability: QuantityCapability) async throws {
        let seeds = Self.seeds
        let wrong = try await onOwnThread {
            var wrong: [String] = []
            for seed in seeds { if let found = try Self.play(seed, capability) { wrong.append(found) } }
            return wrong
        }
        #expect(wrong == [])
    }

    @Test func `a pool that is credited before the shop has confirmed is found out`() async throws {
        let found = try await onOwnThread {
            for seed in UInt64(1)...60 { if let found = try Self.play(seed, .adjust, planted: .creditsEarly) { return found } }
            return ""
        }
        #expect(!found.isEmpty)
    }
}
