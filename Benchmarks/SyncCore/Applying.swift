import Commerce
import ConflictResolution
import Simulation
import Store
import TestKit

/// Units taken up by the store on disk: checked, clocked, in history and feed, durable.
struct Applying {
    let directory: String
    let units: Int

    /// A text as shops have them: some 300 bytes of Chinese with a little markup.
    static func value(_ number: Int) -> JSON {
        let body = "<p>手工拉坯，釉色温润，容量约二百毫升。</p><p>每只纹理略有不同，请以实物为准；可入洗碗机。</p>"
        return ["title": .string("青瓷茶杯 第\(number)号"), "body": .string(body), "keywords": "茶杯 青瓷 手工"]
    }

    func measure() async throws -> [Figure] {
        let store = try Store(
            .directory(directory),
            surroundings: Surroundings(time: HostTime(), random: SeededRandom(seed: 1), ids: CountingIDs()))
        let lone = 500
        let figures = [
            try await figure("apply: new units, 128 a write", units) { try await batches(store, 0, creating: true) },
            try await figure("apply: edits, 128 a write", units) { try await batches(store, 1, creating: false) },
            try await figure("apply: edits, 128 callers, one a write", units) { try await callers(store, 2) },
            try await figure("apply: edits, one caller, one a write", lone) {
                for number in 0..<lone { try await store.write(edit(number, 3)) }
            },
        ]
        let changes = try await store.read { reading throws(StoreError) in try reading.newestSequence() }
        try require(changes == Int64(3 * units + lone), "\(changes) changes are there")
        await store.close()
        return figures
    }

    private func figure(_ name: String, _ count: Int, _ body: () async throws -> Void) async throws -> Figure {
        let start = HostTime.nanoseconds()
        try await body()
        return Figure(name: name, value: Double(count) * 1e9 / Double(HostTime.nanoseconds() - start), unit: "units/s")
    }

    private func batches(_ store: Store, _ revision: Int, creating: Bool) async throws {
        for start in stride(from: 0, to: units, by: 128) {
            let numbers = start..<min(start + 128, units)
            try await store.write { writing throws(StoreError) in
                for number in numbers {
                    let write = Applying.write(number, revision)
                    if creating { try writing.create(write.unit.entity) }
                    _ = try writing.apply(write)
                }
            }
        }
    }

    private func callers(_ store: Store, _ revision: Int) async throws {
        let units = self.units
        try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<128 {
                group.addTask {
                    for number in stride(from: caller, to: units, by: 128) {
                        try await store.write(edit(number, revision))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func edit(_ number: Int, _ revision: Int) -> @Sendable (Writing) throws(StoreError) -> Void {
        { writing throws(StoreError) in _ = try writing.apply(Applying.write(number, revision)) }
    }

    private static func write(_ number: Int, _ revision: Int) -> UnitWrite {
        guard let id = EntityID("p\(number)"), let name = UnitName("text.zh-CN") else { preconditionFailure("bad names") }
        return UnitWrite(
            UnitRef(EntityRef(.product, id), name), value(number * 10 + revision), author: "bench", origin: .import)
    }
}
