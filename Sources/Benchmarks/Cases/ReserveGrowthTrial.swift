import Commerce
import Store

/// What a hold costs beside many SKUs and as many orders of the past, held against a thousand of each.
struct ReserveGrowthTrial: Trial {
    enum Kind: String {
        /// All want one SKU.
        case hot
        /// Each wants two, spread over all.
        case wide
    }

    let name: String
    let unit = "µs each"
    let reference: String? = "the same beside 1,000 SKUs and 1,000 past orders"
    let lessIsBetter = true
    /// At most twice the cost at the smallest size.
    let bars: [Bar] = [.ratioAtLeast(0.5)]
    private let kind: Kind
    private let place: Workplace
    private let skus: Int
    private var large: Shelves?
    private var small: Shelves?
    private static let orders = 16_384

    static func all(_ kind: Kind, _ place: Workplace) -> [any Trial] {
        let sizes = place.isQuick ? [10_000, 100_000] : [10_000, 100_000, 1_000_000]
        return sizes.map { ReserveGrowthTrial(kind, skus: $0, place) }
    }

    private init(_ kind: Kind, skus: Int, _ place: Workplace) {
        self.kind = kind
        self.skus = skus
        self.place = place
        name = "reserve-\(kind.rawValue)/\(skus)"
    }

    mutating func prepare() async throws {
        large = try await shelves(skus)
        small = try await shelves(1_000)
    }

    private func shelves(_ skus: Int) async throws -> Shelves {
        try await Shelves(
            directory: try place.scratch.directory("reserve"), skus: skus, units: StockQuantity.movedMax, pastOrders: skus)
    }

    func measure(round: Int) async throws -> Sample { try await cost(large, round) }
    func measureReference(round: Int) async throws -> Sample? { try await cost(small, round) }

    private func cost(_ shelves: Shelves?, _ round: Int) async throws -> Sample {
        guard let shelves else { throw MeasuringFailed(description: "there are no goods to hold") }
        let (kind, skus) = (kind, shelves.skus)
        let tally = try await Buyers(store: shelves.store, callers: 64, batch: "g\(round)").run(ReserveGrowthTrial.orders) { number in
            kind == .hot ? [round % skus] : ReserveWideTrial.pair(number + round * ReserveGrowthTrial.orders, of: skus)
        }
        try require(tally.held == ReserveGrowthTrial.orders, "\(tally.held) of \(ReserveGrowthTrial.orders) orders were held")
        if kind == .hot { try await shelves.audit(round % skus) }
        return tally.sample(tally.seconds * 1e6 / Double(tally.held))
    }

    mutating func finish() async {
        await large?.store.close()
        await small?.store.close()
    }
}
