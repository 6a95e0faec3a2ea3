import Commerce
import Simulation
import Store
import Testing

/// Buyers that share commits, on a disk that loses its power meanwhile.
@Suite struct StockCrashTests {
    private static let units: Int64 = 15
    private static let sku = EntityRef(.sku, EntityID("s1")!)

    private static func open(_ disk: FaultyDisk, _ ids: String) throws -> Store {
        let time = SeededExecutor(seed: 1)
        return try Store(
            .directory(disk.path),
            surroundings: Surroundings(time: time, random: SeededRandom(seed: 1), ids: CountingIDs(prefix: ids)), disk: disk)
    }

    /// - Returns: the buyers that were told they hold one, and those of them that were told it is theirs.
    private static func rush(_ store: Store) async throws -> (held: Set<Int>, claimed: Set<Int>) {
        try await withThrowingTaskGroup(of: (number: Int, isHeld: Bool, isClaimed: Bool).self) { group in
            for number in 1...40 {
                group.addTask {
                    let request = try HoldRequest(
                        owner: "order/\(number)", demand: StockDemand([.init(line: "1", sku: SKUID(sku)!, quantity: 1)]),
                        lifetime: .seconds(3_600))
                    do throws(StoreError) {
                        let outcome = try await store.write { writing throws(StoreError) in try writing.reserve(request) }
                        guard case .held = outcome else { return (number, false, false) }
                    } catch { return (number, false, false) }
                    do throws(StoreError) {
                        let answer = try await store.write { writing throws(StoreError) in try writing.claim(owner: "order/\(number)") }
                        if case .done = answer { return (number, true, true) }
                    } catch { return (number, true, false) }
                    return (number, true, false)
                }
            }
            return try await group.reduce(into: ([], [])) { all, one in
                if one.isHeld { all.0.insert(one.number) }
                if one.isClaimed { all.1.insert(one.number) }
            }
        }
    }

    private static func states(_ store: Store) async throws -> [Int: HoldState] {
        try await store.read { reading throws(StoreError) in
            var found: [Int: HoldState] = [:]
            for hold in try reading.holds(sku: sku, state: nil, limit: 1_000) {
                found[Int(hold.owner.dropFirst("order/".count)) ?? 0] = hold.state
            }
            return found
        }
    }

    @Test(arguments: FaultyDisk.AfterCut.allCases)
    func `buyers that share a commit keep what they were told they have, and nothing is sold twice`(
        mode: FaultyDisk.AfterCut
    ) async throws {
        var cuts = 0
        for at in stride(from: 1, through: 60, by: Sweep.isFull ? 1 : 7) {
            let disk = try FaultyDisk(answersOnCaller: false)
            let store = try Self.open(disk, "first")
            let order = try StockOrder(.receive(Self.units), of: Self.sku, cause: StockCause("po-1"), author: "t")
            try await store.write { writing throws(StoreError) in
                try writing.create(Self.sku)
                try writing.move(order)
            }
            disk.cut(at: at)
            let told = try await Self.rush(store)
            let wasCut = disk.isCut
            cuts += wasCut ? 1 : 0
            #expect(told.held.count <= Int(Self.units))
            await store.close()
            let later = wasCut ? disk.reboot(mode, seed: UInt64(at)) : disk
            later.cut(at: nil)
            guard !later.isCut else { continue }
            let again = try Self.open(later, "second")
            let states = try await Self.states(again)
            for number in told.held { #expect(states[number] != nil, "cut at \(at): order \(number) was held and is gone") }
            for number in told.claimed { #expect(states[number] == .claimed, "cut at \(at): order \(number) was paid for and is not its own") }
            #expect(states.count <= Int(Self.units))
            #expect(try await again.read { reading throws(StoreError) in try reading.examine() }.isEmpty)
            // Whoever was not told asks again: all units go, none twice.
            let after = try await Self.rush(again)
            #expect(try await Self.states(again).count == Int(Self.units), "cut at \(at): \(after.held.count) more")
            await again.close()
        }
        #expect(cuts > 0)
    }
}
