import Commerce
import Store

/// Holds on one SKU by callers who all want it, in process, each durable before it is answered.
///
/// There are fewer units than orders: exactly as many must be held as there were.
struct ReserveHotTrial: Trial {
    private enum Reference {
        case counter
        /// A row for each unit, with as many clients as it is best with.
        case units
    }

    let name: String
    let unit = "holds/s"
    let bars: [Bar]
    private(set) var reference: String?
    private let kind: Reference
    private let callers: Int
    private let place: Workplace
    private let orders: Int
    private let seconds: Int
    private var shelves: Shelves?
    private var postgres: PostgresStock?
    private var bestClients = 8

    static func all(_ place: Workplace) -> [any Trial] {
        let counters = [1, 8, 32, 64].map { ReserveHotTrial(.counter, callers: $0, place) }
        return counters + [ReserveHotTrial(.units, callers: 64, place)] + ReserveGrowthTrial.all(.hot, place)
    }

    private init(_ kind: Reference, callers: Int, _ place: Workplace) {
        self.kind = kind
        self.callers = callers
        self.place = place
        // One caller waits for the disk each time.
        orders = place.amount(20_000, 150_000) / (callers < 8 ? 8 : 1)
        seconds = place.amount(3, 8)
        switch kind {
        case .counter:
            name = "reserve-hot-\(callers)"
            reference = "PostgreSQL 15, a guarded counter and a row for each hold, \(callers) clients"
            bars = callers == 64 ? [.ratioAtLeast(10)] : []
        case .units:
            name = "reserve-hot-units"
            bars = [.ratioAtLeast(2)]
        }
    }

    mutating func prepare() async throws {
        // A SKU for each round: units must run out in each.
        shelves = try await Shelves(directory: try place.scratch.directory(name), skus: 1_000, units: Int64(orders - callers))
        postgres = try PostgresStock.make(in: place.scratch, skus: 1)
        guard kind == .units, let postgres else { return }
        var best = 0.0
        for clients in [4, 8, 16, 32, 64] {
            let rate = try postgres.units(clients: clients, seconds: 2)
            if rate > best { (best, bestClients) = (rate, clients) }
        }
        reference = "PostgreSQL 15, a row for each unit taken with SKIP LOCKED, \(bestClients) clients, where it is best"
    }

    func measure(round: Int) async throws -> Sample {
        guard let shelves else { throw MeasuringFailed(description: "there are no goods to hold") }
        let tally = try await Buyers(store: shelves.store, callers: callers, batch: "r\(round)").run(orders) { _ in [round % 1_000] }
        try require(
            tally.held == orders - callers && tally.refused == callers,
            "\(tally.held) were held of \(orders - callers) units, \(tally.refused) were refused")
        try await shelves.audit(round % 1_000)
        return tally.sample(tally.rate)
    }

    func measureReference(round: Int) async throws -> Sample? {
        guard let postgres else { return nil }
        switch kind {
        case .counter: return Sample(try postgres.counter(clients: callers, seconds: seconds))
        case .units: return Sample(try postgres.units(clients: bestClients, seconds: seconds))
        }
    }

    mutating func finish() async {
        await shelves?.store.close()
        postgres?.cluster.stop()
    }
}
