import Commerce
import Foundation

/// Signed callbacks over loopback HTTP into a real daemon: verified, kept durably, answered.
struct IngestTrial: Trial {
    let name = "ingest"
    let unit = "callbacks/s"
    let reference: String? = "PostgreSQL 15, one-row inserts of 800 bytes by 64 clients, fsync on, no HTTP, no signatures"
    let bars: [Bar] = [.ratioAtLeast(1), .p99Below(50)]
    private let place: Workplace
    private let seconds: Int
    private var daemon: DaemonUnderTest?
    private var postgres: PostgresCluster?

    init(_ place: Workplace) {
        self.place = place
        seconds = place.amount(4, 15)
    }

    mutating func prepare() async throws {
        let made = try DaemonUnderTest(
            program: place.program, home: try place.scratch.directory("ingest"), channels: [.init(id: "gateway")])
        daemon = made
        try made.start()
        postgres = try PostgresCluster.make(in: place.scratch, "postgres")
        try postgres?.query(
            "CREATE TABLE inbox (num bigserial PRIMARY KEY, event text NOT NULL UNIQUE, body text NOT NULL, state text NOT NULL)")
    }

    func measure(round: Int) async throws -> Sample {
        guard let daemon else { throw MeasuringFailed(description: "there is no daemon to measure") }
        return try daemon.load(["--channel", "gateway", "--batch", "r\(round)"], seconds: seconds)
    }

    func measureReference(round: Int) async throws -> Sample? {
        guard let postgres else { return nil }
        let body = String(repeating: "x", count: 760)
        return Sample(
            try postgres.bench(
                script: "INSERT INTO inbox (event, body, state) VALUES (gen_random_uuid()::text, '\(body)', 'waiting');",
                clients: 64, seconds: seconds))
    }

    mutating func finish() async {
        daemon?.stop()
        postgres?.stop()
    }
}
