import Commerce
import Foundation
import Simulation
import Store

/// A store of its own with goods on the shelf, and orders that were paid for long ago.
struct Shelves {
    let store: Store
    let skus: Int

    init(directory: String, skus: Int, units: Int64, pastOrders: Int = 0) async throws {
        self.skus = skus
        let surroundings = Surroundings(time: HostTime(), random: SeededRandom(seed: 1), ids: NumberedIDs())
        store = try Store(.directory(directory), surroundings: surroundings)
        for start in stride(from: 0, to: skus, by: 1_000) {
            let numbers = start..<min(start + 1_000, skus)
            try await store.write { writing throws(StoreError) in
                for number in numbers { try writing.create(Goods.sku(number)) }
            }
            try await put(units, numbers, "first")
        }
        for start in stride(from: 0, to: pastOrders, by: 1_000) {
            let requests = try (start..<min(start + 1_000, pastOrders)).map { try Buyers.request("past-\($0)", [$0 % skus]) }
            try await store.write { writing throws(StoreError) in
                for request in requests {
                    _ = try writing.reserve(request)
                    _ = try writing.claim(owner: request.owner)
                }
            }
        }
    }

    /// Receives so many units of each SKU of a range.
    func put(_ units: Int64, _ numbers: Range<Int>, _ delivery: String) async throws {
        let orders = try numbers.map { number in
            try StockOrder(
                .receive(units), of: Goods.sku(number), cause: try StockCause("\(delivery)/\(number)"), author: "bench")
        }
        try await store.write { writing throws(StoreError) in
            for order in orders { try writing.move(order) }
        }
    }

    /// Fails where more was held than there was, or a balance is not the sum of its entries.
    ///
    /// - Parameter number: the SKU to look at; nil for all.
    func audit(_ number: Int? = nil) async throws {
        let sku = number.map { Goods.sku($0) }
        let found = try await store.read { reading throws(StoreError) in try reading.stockDifferences(of: sku) }
        try require(found.isEmpty, "the ledger does not add up: \(found)")
    }

    /// Names that differ from each other; nothing here is opened twice.
    private struct NumberedIDs: IDSource {
        func next() -> String { "b\(String(HostTime.nanoseconds, radix: 32))" }
    }
}
