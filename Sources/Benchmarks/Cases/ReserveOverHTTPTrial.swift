import Commerce
import Foundation
import Simulation
import Store

/// Holds on one SKU over the admin API of a real daemon, from as many connections as operators have places, each durable
/// before it is answered.
struct ReserveOverHTTPTrial: Trial {
    let name = "reserve-hot-http"
    let unit = "holds/s"
    let reference: String? = "PostgreSQL 15, a guarded counter and a row for each hold, 64 clients, no HTTP"
    let bars: [Bar] = [.ratioAtLeast(4)]
    private let place: Workplace
    private let seconds: Int
    private var daemon: DaemonUnderTest?
    private var token = ""
    private var postgres: PostgresStock?

    init(_ place: Workplace) {
        self.place = place
        seconds = place.amount(4, 10)
    }

    mutating func prepare() async throws {
        let made = try DaemonUnderTest(program: place.program, home: try place.scratch.directory(name), channels: [.init(id: "app")])
        try FileManager.default.createDirectory(atPath: made.store, withIntermediateDirectories: true)
        let store = try Store(
            .directory(made.store),
            surroundings: Surroundings(time: HostTime(), random: SeededRandom(seed: 1), ids: CountingIDs(prefix: "b")))
        let sku = EntityRef(.sku, EntityID("k0")!)
        let order = try StockOrder(.receive(100_000_000), of: sku, cause: StockCause("first"), author: "bench")
        try await store.write { writing throws(StoreError) in
            try writing.create(sku)
            try writing.move(order)
        }
        await store.close()
        try made.start()
        let answer = try made.command(["token", "create", "bench", "--scope", "operate", "--json"])
        token = try JSON.parse(Array(answer.utf8))["token"]?.string ?? ""
        daemon = made
        postgres = try PostgresStock.make(in: place.scratch, skus: 1)
    }

    func measure(round: Int) async throws -> Sample {
        guard let daemon else { throw MeasuringFailed(description: "there is no daemon to measure") }
        let sample = try daemon.load(
            ["--channel", "app", "--batch", "r\(round)", "--holds-token", token], port: daemon.adminPort,
            connections: 30, seconds: seconds)
        let audit = try daemon.command(["stock", "audit"])
        try require(audit.contains("all balances"), "the ledger does not add up: \(audit)")
        return sample
    }

    func measureReference(round: Int) async throws -> Sample? {
        try postgres.map { Sample(try $0.counter(clients: 64, seconds: seconds)) }
    }

    mutating func finish() async {
        daemon?.stop()
        postgres?.cluster.stop()
    }
}
