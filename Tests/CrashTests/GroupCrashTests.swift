import Commerce
import ConflictResolution
import Simulation
import Store
import Testing

/// Writes that share a commit, from many tasks, on a disk that fails meanwhile.
@Suite struct GroupCrashTests {
    private static func pair(_ number: Int) -> [UnitRef] {
        ["a", "b"].map { UnitRef(EntityRef(.category, EntityID("\($0)\(number)")!), UnitName("place")!) }
    }

    private static func open(_ disk: FaultyDisk, _ ids: String) throws -> Store {
        let time = SeededExecutor(seed: 1)
        return try Store(
            .directory(disk.path),
            surroundings: Surroundings(time: time, random: SeededRandom(seed: 1), ids: CountingIDs(prefix: ids)), disk: disk)
    }

    /// Writes a pair of units of its own and one that all share, in one write.
    private static func write(_ store: Store, _ number: Int) async -> Bool {
        do throws(StoreError) {
            try await store.write { writing throws(StoreError) in
                for unit in pair(number) + pair(0) {
                    try writing.create(unit.entity)
                    _ = try writing.apply(
                        UnitWrite(unit, ["position": .integer(Int64(number))], author: "t", origin: .api))
                }
            }
            return true
        } catch { return false }
    }

    private static func positions(_ store: Store, _ number: Int) async throws -> [Int64?] {
        try await store.read { reading throws(StoreError) in
            var found: [Int64?] = []
            for unit in pair(number) { found.append(try reading.live(unit)?["position"]?.integer) }
            return found
        }
    }

    /// Writes from many tasks, with readers beside them.
    /// - Returns: the writes that were answered.
    private static func rush(_ store: Store) async throws -> Set<Int> {
        try await withThrowingTaskGroup(of: (number: Int, isAnswered: Bool).self) { group in
            for number in 1...24 { group.addTask { (number, await write(store, number)) } }
            for _ in 0..<6 {
                group.addTask {
                    do {
                        let seen = try await positions(store, 0)
                        #expect(seen[0] == seen[1], "a reader saw half a write")
                    } catch is StoreError { return (0, false) }
                    return (0, false)
                }
            }
            return try await group.reduce(into: []) { if $1.isAnswered { $0.insert($1.number) } }
        }
    }

    private static func judge(_ store: Store, answered: Set<Int>, _ when: String) async throws {
        for number in 1...24 {
            let found = try await positions(store, number)
            #expect(found[0] == found[1], "\(when): write \(number) is there in half")
            guard answered.contains(number) else { continue }
            #expect(found[0] == Int64(number), "\(when): write \(number) was answered and is gone")
        }
        #expect(try await store.read { reading throws(StoreError) in try reading.examine() }.isEmpty)
    }

    @Test(arguments: FaultyDisk.AfterCut.allCases)
    func `writes that share a commit are there if they were answered, and whole or not there`(
        mode: FaultyDisk.AfterCut
    ) async throws {
        var cuts = 0
        for at in stride(from: 1, through: 60, by: Sweep.isFull ? 1 : 5) {
            let disk = try FaultyDisk(answersOnCaller: false)
            let store = try Self.open(disk, "first")
            disk.cut(at: at)
            let answered = try await Self.rush(store)
            let wasCut = disk.isCut
            cuts += wasCut ? 1 : 0
            await store.close()
            let later = wasCut ? disk.reboot(mode, seed: UInt64(at)) : disk
            later.cut(at: nil)
            guard !later.isCut else { continue }
            let again = try Self.open(later, "second")
            #expect(again.life.rebirth == nil)
            try await Self.judge(again, answered: answered, "cut at \(at)")
            await again.close()
        }
        #expect(cuts > 0)
    }

    @Test(arguments: [FaultyDisk.Faults.full, .write, .sync])
    func `writes that share a commit are each told when the disk fails, and later ones go through`(
        faults: FaultyDisk.Faults
    ) async throws {
        for first in stride(from: 1, through: 40, by: Sweep.isFull ? 1 : 6) {
            let disk = try FaultyDisk(answersOnCaller: false)
            let store = try Self.open(disk, "first")
            disk.fail(faults, first: first, count: first % 2 == 0 ? 1 : 30)
            let answered = try await Self.rush(store)
            disk.heal()
            #expect(await Self.write(store, 1))
            let all = answered.union([1])
            try await Self.judge(store, answered: all, "failing from \(first)")
            await store.close()
            let again = try Self.open(disk, "second")
            try await Self.judge(again, answered: all, "failing from \(first), opened again")
            await again.close()
        }
    }
}
