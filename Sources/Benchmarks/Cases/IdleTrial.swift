import Commerce
import Foundation
import Store

/// What a daemon takes while nothing happens: SKUs held, seven shops that are in step and quiet.
struct IdleTrial: LongTrial {
    let name = "idle"
    let unit = "MB resident"
    let lessIsBetter = true
    let bars: [Bar] = [.memoryBelow(150), .processorBelow(1)]
    private let place: Workplace
    private let skus: Int
    private let seconds: Int
    private var daemon: DaemonUnderTest?
    private var shops: ChildProcess?

    init(_ place: Workplace) {
        self.place = place
        skus = place.amount(20_000, 1_000_000)
        seconds = place.amount(10, 60)
    }

    mutating func prepare() async throws {
        let names = (1...7).map { "shop\($0)" }
        let secret = try DaemonUnderTest.secretFile(in: place.scratch.path)
        let peer = try ChildProcess(
            place.program, ["bench-shop", "--secret-file", secret] + names.flatMap { ["--channel", $0] }, readsOutput: true)
        shops = peer
        let channels = try names.map { DaemonUnderTest.Channel(id: $0, port: Int(try peer.line())) }
        let made = try DaemonUnderTest(program: place.program, home: try place.scratch.directory("idle"), channels: channels)
        daemon = made
        let rig = try Rig(directory: made.store)
        try await Goods.fill(rig.store, skus: skus)
        await rig.stop()
        try made.start()
        while try !inStep(made) { try await Task.sleep(for: .milliseconds(500)) }
        // As an operator finds it on a day, not in the minute after a first push of everything.
        made.stop()
        try made.start()
        while try !inStep(made) { try await Task.sleep(for: .milliseconds(500)) }
        try await Task.sleep(for: .seconds(5))
    }

    private func inStep(_ daemon: DaemonUnderTest) throws -> Bool {
        let status = try ChildProcess(
            daemon.program, ["status", "--json"], environment: ["HEYI_SOCKET": "\(daemon.home)/heyi.sock"], readsOutput: true)
        // Exit code 1 says that something needs attention, which it does until all are in step.
        let text = try status.text()
        let channels = try JSON.parse(Array(text.utf8))["channels"]?.array ?? []
        return channels.count == 7 && channels.allSatisfy { $0["lag_changes"]?.integer == 0 }
    }

    func measure(round: Int) async throws -> Sample {
        guard let daemon else { throw MeasuringFailed(description: "there is no daemon to watch") }
        let (start, before) = (HostTime.nanoseconds, daemon.processorSeconds)
        try await Task.sleep(for: .seconds(seconds))
        let share = (daemon.processorSeconds - before) * 1e9 / Double(HostTime.nanoseconds - start) * 100
        let memory = daemon.memory ?? 0
        return Sample(memory, memory: memory, processor: share)
    }

    mutating func finish() async {
        daemon?.stop()
        shops?.end()
    }
}
