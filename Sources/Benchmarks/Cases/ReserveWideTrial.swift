import Commerce
import Store

/// Orders of two lines over a thousand SKUs by 64 callers, in process, each durable before it is answered.
struct ReserveWideTrial: Trial {
    let name = "reserve-wide"
    let unit = "orders/s"
    let reference: String? = "PostgreSQL 15, the same in one statement and transaction, 64 clients"
    let bars: [Bar] = [.ratioAtLeast(0.5)]
    private let place: Workplace
    private let orders: Int
    private let seconds: Int
    private var shelves: Shelves?
    private var postgres: PostgresStock?
    private static let skus = 1_000

    static func all(_ place: Workplace) -> [any Trial] { [ReserveWideTrial(place)] + ReserveGrowthTrial.all(.wide, place) }

    private init(_ place: Workplace) {
        self.place = place
        orders = place.amount(20_000, 100_000)
        seconds = place.amount(3, 8)
    }

    mutating func prepare() async throws {
        shelves = try await Shelves(
            directory: try place.scratch.directory(name), skus: ReserveWideTrial.skus, units: StockQuantity.movedMax)
        postgres = try PostgresStock.make(in: place.scratch, skus: ReserveWideTrial.skus)
    }

    func measure(round: Int) async throws -> Sample {
        guard let shelves else { throw MeasuringFailed(description: "there are no goods to hold") }
        let tally = try await Buyers(store: shelves.store, callers: 64, batch: "r\(round)").run(orders) { number in
            ReserveWideTrial.pair(number, of: ReserveWideTrial.skus)
        }
        try require(tally.held == orders, "\(tally.held) of \(orders) orders were held")
        try await shelves.audit()
        return tally.sample(tally.rate)
    }

    /// Two different SKUs, spread over all of them.
    static func pair(_ number: Int, of skus: Int) -> [Int] {
        let first = number &* 7_919 % skus
        return [first, (first + 1 + number &* 104_729 % (skus - 1)) % skus]
    }

    func measureReference(round: Int) async throws -> Sample? {
        guard let postgres else { return nil }
        return Sample(try postgres.pairs(skus: ReserveWideTrial.skus, clients: 64, seconds: seconds))
    }

    mutating func finish() async {
        await shelves?.store.close()
        postgres?.cluster.stop()
    }
}
