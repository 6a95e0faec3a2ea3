import Commerce
import Foundation

/// A product file through the operator's own command into a real daemon: checked, merged, in the feed, searchable.
struct ImportTrial: Trial {
    let name = "import"
    let unit = "products/s"
    let reference: String? = "sqlite3 .import of the same file, one row a line"
    let bars: [Bar] = [.ratioAtLeast(0.1), .valueAtLeast(10_000), .memoryBelow(300)]
    private let place: Workplace
    private let products: Int
    private var file = ""

    init(_ place: Workplace) {
        self.place = place
        products = place.amount(20_000, 1_000_000)
    }

    mutating func prepare() async throws {
        file = try place.scratch.directory("goods") + "/goods.csv"
        try Goods.writeCSV(file, products: products)
    }

    func measure(round: Int) async throws -> Sample {
        let home = try place.scratch.directory("import")
        let daemon = try DaemonUnderTest(program: place.program, home: home)
        try daemon.start()
        defer {
            daemon.kill()
            Scratch.remove(home)
        }
        let start = HostTime.nanoseconds
        let text = try daemon.command(["import", file, "--format", "shopify", "--json"])
        let seconds = Double(HostTime.nanoseconds - start) / 1e9
        guard let last = text.split(separator: "\n").last else { throw MeasuringFailed(description: "the import said nothing") }
        let summary = try JSON.parse(Array(last.utf8))
        try require(
            summary["rows"]?.integer == Int64(products) && summary["faulty"]?.integer == 0, "not all was taken: \(last)")
        return Sample(Double(products) / seconds, memory: daemon.memoryPeak)
    }

    func measureReference(round: Int) async throws -> Sample? {
        guard let sqlite = ChildProcess.find("sqlite3") else { return nil }
        let home = try place.scratch.directory("sqlite")
        defer { Scratch.remove(home) }
        let seconds = try await HostTime.seconds {
            try ChildProcess.run(
                sqlite, ["\(home)/goods.db", "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", ".import --csv \(file) goods"])
        }
        return Sample(Double(products) / seconds)
    }
}
