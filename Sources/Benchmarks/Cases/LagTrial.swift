import ChannelAdapters
import Commerce
import ConflictResolution
import Foundation
import Store
import SyncEngine
import Synchronization

/// One change at 1,000 a second: from its commit to its being confirmed by a shop behind HTTP in another process.
struct LagTrial: Trial {
    let name = "lag"
    let unit = "ms (median)"
    let reference: String? = "a bare HTTP round trip on loopback to the same process"
    let lessIsBetter = true
    let bars: [Bar] = [.p50Below(10), .p99Below(50)]
    private let place: Workplace
    private let changes: Int
    private var rig: Rig?
    private var shop: ChildProcess?
    private var port = 0
    private let ledger = Ledger()
    private let transport = CurlTransport(configuration: .ordinary)

    init(_ place: Workplace) {
        self.place = place
        changes = place.amount(4_000, 20_000)
    }

    /// When each change was committed, and how long it took to be confirmed.
    private final class Ledger: Sendable {
        private struct Times {
            var committed: [(sequence: Int64, at: UInt64)] = []
            var next = 0
            var latencies: [UInt64] = []
        }

        private let times = Mutex(Times())

        func commit(_ sequence: Int64) {
            let now = HostTime.nanoseconds
            times.withLock { $0.committed.append((sequence, now)) }
        }

        func confirm(through sequence: Int64) {
            let now = HostTime.nanoseconds
            times.withLock { times in
                while times.next < times.committed.count {
                    let (newest, at) = times.committed[times.next]
                    guard newest <= sequence else { break }
                    let before = times.next > 0 ? times.committed[times.next - 1].sequence : newest - 1
                    // One commit may carry several changes, all of them durable at that moment.
                    for _ in before..<newest { times.latencies.append(now - at) }
                    times.next += 1
                }
            }
        }

        func take() -> [UInt64] {
            times.withLock { times in
                defer { times.latencies = [] }
                return times.latencies
            }
        }
    }

    mutating func prepare() async throws {
        let secret = try DaemonUnderTest.secretFile(in: place.scratch.path)
        let peer = try ChildProcess(
            place.program, ["bench-shop", "--channel", "web", "--secret-file", secret], readsOutput: true)
        shop = peer
        port = Int(try peer.line()) ?? 0
        let made = try Rig(directory: try place.scratch.directory("lag"))
        rig = made
        try await Goods.fill(made.store, products: 10_000)
        let ledger = self.ledger
        made.store.onCommit { ledger.commit($0) }
        made.events.listen { event in
            if case .pushed(_, _, let through) = event { ledger.confirm(through: through) }
        }
        made.start()
        let adapter = try AdapterFactory.adapter(
            for: .delta,
            endpoint: ChannelEndpoint(
                url: "http://127.0.0.1:\(port)", secrets: [Secret(DaemonUnderTest.secret)], addresses: .privateToo),
            transport: transport, time: HostTime())
        try await made.add(Goods.channel("web"), adapter)
        try await inStep(made)
        _ = ledger.take()
    }

    private func inStep(_ rig: Rig) async throws {
        let id = Goods.channel("web")
        while true {
            let behind = try await rig.store.read { reading throws(StoreError) in
                let channel = try reading.requireChannel(id)
                return try reading.newestSequence() - reading.cursor(channel, .push).position
            }
            if behind == 0 { return }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    func measure(round: Int) async throws -> Sample {
        guard let rig else { throw MeasuringFailed(description: "there is nothing to push") }
        let store = rig.store
        let start = HostTime.nanoseconds
        let changes = self.changes
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<changes {
                let due = start + UInt64(number) * 1_000_000
                let now = HostTime.nanoseconds
                if due > now { try await Task.sleep(for: .nanoseconds(Int64(due - now))) }
                group.addTask {
                    try await store.write { writing throws(StoreError) in
                        let value = Goods.value(number * 10 + round + 1)
                        _ = try writing.apply(
                            UnitWrite(UnitRef(Goods.product(number % 10_000), Goods.text), value, author: "bench", origin: .api))
                    }
                }
            }
            try await group.waitForAll()
        }
        try await inStep(rig)
        let latencies = Latencies(ledger.take())
        let median = latencies.quantile(0.5) ?? 0
        return Sample(median, p50: median, p99: latencies.quantile(0.99))
    }

    func measureReference(round: Int) async throws -> Sample? {
        let connection = try LoopbackConnection(port: port)
        let request = Array("GET /_sim/dials HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".utf8)
        var times: [UInt64] = []
        for _ in 0..<2_000 {
            let start = HostTime.nanoseconds
            try require(try connection.exchange(request) == 200, "the shop does not answer")
            times.append(HostTime.nanoseconds - start)
        }
        return Latencies(times).quantile(0.5).map { Sample($0) }
    }

    mutating func finish() async {
        await rig?.stop()
        await transport.shutdown(grace: .seconds(1))
        shop?.end()
    }
}
