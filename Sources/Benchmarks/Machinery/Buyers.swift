import Commerce
import Foundation
import Store

/// Buyers who hold goods in this process, each waiting for an answer before asking again.
struct Buyers {
    let store: Store
    let callers: Int
    /// Begins the names of their orders, which no run of the same store may have used.
    let batch: String

    struct Tally {
        var held = 0
        var refused = 0
        var seconds = 0.0
        var nanoseconds: [UInt64] = []

        var rate: Double { Double(held) / seconds }

        func sample(_ value: Double) -> Sample {
            let latencies = Latencies(nanoseconds)
            return Sample(value, p50: latencies.quantile(0.5), p99: latencies.quantile(0.99), memory: Machine.memory(of: getpid()))
        }
    }

    /// Places `orders`, each wanting one unit of the SKUs with the numbers `wanted` gives for it.
    func run(_ orders: Int, _ wanted: @escaping @Sendable (Int) -> [Int]) async throws -> Tally {
        let start = HostTime.nanoseconds
        let parts = try await withThrowingTaskGroup(of: Tally.self) { group in
            for caller in 0..<callers {
                group.addTask { try await place(stride(from: caller, to: orders, by: callers), wanted) }
            }
            var parts: [Tally] = []
            for try await part in group { parts.append(part) }
            return parts
        }
        var sum = Tally(seconds: Double(HostTime.nanoseconds - start) / 1e9)
        for part in parts {
            sum.held += part.held
            sum.refused += part.refused
            sum.nanoseconds += part.nanoseconds
        }
        return sum
    }

    private func place(_ numbers: StrideTo<Int>, _ wanted: (Int) -> [Int]) async throws -> Tally {
        var tally = Tally()
        for number in numbers {
            let start = HostTime.nanoseconds
            let request = try Buyers.request("\(batch)-\(number)", wanted(number))
            let outcome = try await store.write { writing throws(StoreError) in try writing.reserve(request) }
            tally.nanoseconds.append(HostTime.nanoseconds - start)
            switch outcome {
            case .held: tally.held += 1
            case .short: tally.refused += 1
            case .known: throw MeasuringFailed(description: "order \(batch)-\(number) was placed before")
            }
        }
        return tally
    }

    static func request(_ order: String, _ skus: [Int]) throws -> HoldRequest {
        let parts = skus.enumerated().map { index, number in
            StockDemand.Part(line: "\(index + 1)", sku: Goods.skuID(number), quantity: 1)
        }
        return try HoldRequest(owner: "order/\(order)", demand: try StockDemand(parts), lifetime: .seconds(900))
    }
}
