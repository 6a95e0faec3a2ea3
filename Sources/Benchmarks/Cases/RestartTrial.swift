import Commerce
import Foundation
import Store

/// From `kill -9` under load to being ready again, with SKUs held and pushes waiting.
struct RestartTrial: Trial {
    let name = "restart"
    let unit = "s to ready"
    let lessIsBetter = true
    let bars: [Bar] = [.valueBelow(2)]
    private let place: Workplace
    private let skus: Int
    private let pending: Int
    private var daemon: DaemonUnderTest?

    init(_ place: Workplace) {
        self.place = place
        skus = place.amount(20_000, 1_000_000)
        pending = place.amount(10_000, 100_000)
    }

    mutating func prepare() async throws {
        // Its shop is not there, so all it has waits to be pushed.
        let port = try LoopbackConnection.freePort()
        let made = try DaemonUnderTest(
            program: place.program, home: try place.scratch.directory("restart"),
            channels: [.init(id: "gateway"), .init(id: "away", port: port)])
        daemon = made
        let rig = try Rig(directory: made.store)
        try await Goods.fill(rig.store, skus: skus)
        await rig.stop()
        try made.start()
        // Units that changed since: each is in the feed of the channel that is away.
        let file = "\(made.home)/pending.jsonl"
        guard let output = fopen(file, "w") else { throw MeasuringFailed(description: "cannot write \(file)") }
        for number in 0..<pending {
            fputs("{\"kind\":\"sku\",\"id\":\"s\(number)\",\"units\":{\"price.CNY\":{\"amount\":\(500_000 + number)}}}\n", output)
        }
        fclose(output)
        _ = try made.command(["import", file, "--json"])
    }

    func measure(round: Int) async throws -> Sample {
        guard let daemon else { throw MeasuringFailed(description: "there is no daemon to kill") }
        let load = try ChildProcess(
            place.program,
            ["bench-load", "--port", "\(daemon.publicPort)", "--channel", "gateway", "--connections", "16", "--seconds",
             "30", "--batch", "k\(round)-\(HostTime.nanoseconds)", "--secret-file", "\(daemon.home)/secret"], quiet: true)
        try await Task.sleep(for: .milliseconds(1_500))
        daemon.kill()
        load.end()
        let seconds = try daemon.start()
        return Sample(seconds, memory: daemon.memory)
    }

    mutating func finish() async { daemon?.kill() }
}
