import ChannelAdapters
import Commerce
import ConflictResolution
import Foundation
import Store
import SyncEngine
import Synchronization

/// Callbacks that wait in the inbox, to their effects: parsed, merged, in the feed, marked applied, durable.
struct ApplyTrial: Trial {
    let name = "apply"
    let unit = "effects/s"
    let reference: String? = "SQLite alone writing the same rows, 128 a commit"
    let bars: [Bar] = [.ratioAtLeast(0.5)]
    private let place: Workplace
    private let count: Int
    private var template = ""

    init(_ place: Workplace) {
        self.place = place
        count = place.amount(20_000, 100_000)
    }

    /// A store with the units, and their callbacks waiting; each round works on a copy.
    mutating func prepare() async throws {
        template = try place.scratch.directory("apply")
        let rig = try Rig(directory: template)
        let channel = Goods.channel("bench")
        let settings = ChannelSettings().json
        try await rig.store.write { writing throws(StoreError) in _ = try writing.putChannel(channel, settings: settings) }
        try await Goods.fill(rig.store, products: count)
        let count = self.count
        for start in stride(from: 0, to: count, by: 1_000) {
            try await rig.store.write { writing throws(StoreError) in
                let record = try writing.reading.requireChannel(channel)
                for number in start..<min(start + 1_000, count) {
                    let unit = UnitRef(Goods.product(number), Goods.text)
                    let clock = try writing.reading.view(unit)?.clock ?? VectorClock()
                    let actor = ActorIdentity(role: .channel, name: "bench", incarnation: "life1").description
                    let body = ApplyTrial.body(number, writing.reading.token(of: clock), actor)
                    _ = try writing.receive(record, event: "e\(number)", body: body)
                }
            }
        }
        await rig.stop()
    }

    /// An edit by a shop that counts its writes and has seen ours.
    private static func body(_ number: Int, _ clock: JSON, _ actor: String) -> [UInt8] {
        let delta: JSON = [
            "entity": ["kind": "product", "id": .string("p\(number)")], "unit": "text.zh-CN", "op": "set",
            "value": Goods.value(number * 10 + 1), "clock": clock, "dot": ["actor": .string(actor), "n": 1],
        ]
        let message: JSON = ["type": "deltas", "data": ["deltas": [delta]]]
        return message.bytes
    }

    func measure(round: Int) async throws -> Sample {
        let rig = try Rig(directory: try copy("ours-\(round)"))
        let expected = count
        let applied = Mutex(0)
        let (done, tell) = AsyncStream.makeStream(of: Void.self)
        rig.events.listen { event in
            guard case .inboxApplied = event else { return }
            let sum = applied.withLock { sum in
                sum += 1
                return sum
            }
            if sum == expected { tell.finish() }
        }
        let start = HostTime.nanoseconds
        rig.start()
        for await _ in done {}
        let seconds = Double(HostTime.nanoseconds - start) / 1e9
        let changes = try await rig.store.read { reading throws(StoreError) in try reading.newestSequence() }
        await rig.stop()
        try require(changes == Int64(2 * count), "\(changes) changes are there, \(2 * count) should be")
        return Sample(Double(count) / seconds)
    }

    func measureReference(round: Int) async throws -> Sample? {
        let rows = try RawRows(file: try copy("raw-\(round)") + "/heyi.db")
        defer { rows.close() }
        return Sample(try rows.effects(count, value: Goods.value(1).bytes, firstSequence: Int64(count) + 1))
    }

    private func copy(_ name: String) throws -> String {
        let directory = try place.scratch.directory(name)
        for file in ["heyi.db", "heyi.db-wal"] where FileManager.default.fileExists(atPath: "\(template)/\(file)") {
            try FileManager.default.copyItem(atPath: "\(template)/\(file)", toPath: "\(directory)/\(file)")
        }
        return directory
    }
}
