import ArgumentParser
import Foundation

/// Measures the sync core, and beside it in the same run what the disk and SQLite alone can do.
///
/// A figure of one's own says little on a machine nobody knows; the share of what the
/// machine can do says more.
@main
struct SyncCoreBenchmark: AsyncParsableCommand {
    @Option(help: "Where the files go; the disk to be measured. A directory of its own is made and removed.")
    var directory = NSTemporaryDirectory()

    @Option(help: "Units in each round of writing.")
    var units = 20_000

    @Option(help: "Rounds; the table shows the median, the least and the greatest.")
    var rounds = 3

    @Flag(help: "JSON lines instead of a table.")
    var json = false

    func validate() throws {
        guard units >= 1_000, rounds >= 1 else { throw ValidationError("--units from 1000 and --rounds from 1") }
    }

    func run() async throws {
        let home = "\(directory)/heyi-bench-\(getpid())"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        defer {
            do { try FileManager.default.removeItem(atPath: home) } catch { print("left behind: \(home): \(error)") }
        }
        var figures: [[Figure]] = []
        for round in 0..<rounds {
            let place = "\(home)/\(round)"
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            let machine = [
                try Disk(directory: place).measure(), try RawSQLite(file: place + "/raw.db", rows: units).measure(),
            ]
            let applying = try await Applying(directory: place + "/store", units: units).measure()
            figures.append(machine + applying + [Merging(seed: UInt64(round) + 1).measure(), Parsing().measure()])
        }
        Report(rounds: figures, directory: directory).show(json: json)
    }
}
