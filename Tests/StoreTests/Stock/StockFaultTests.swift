import Commerce
import Simulation
import Store
import TestKit
import Testing

/// Mistakes shops made in holding goods, put in on purpose: what looks after the ledger finds each, and nothing is oversold.
@Suite struct StockFaultTests {
    private func world(_ fault: StockFault?) async throws -> StockWorld {
        let time = ManualTime()
        let store = try Store(
            .memory,
            surroundings: Surroundings(time: time, random: SeededRandom(seed: 1), ids: CountingIDs(), plantedInStock: fault))
        let world = try await StockWorld(store, time: time)
        try await world.move(.receive(3), cause: "po-1")
        return world
    }

    /// What two buyers are told who looked at the same moment; nil for one to whom an error was told in place of an answer.
    private func answers(_ world: StockWorld, _ lines: [(String, Int, Int64)]) async throws -> [HoldOutcome?] {
        let wanted = lines.reduce(0) { $0 + $1.2 }
        let looks = [try await world.available(), try await world.available()]
        var answers: [HoldOutcome?] = []
        for (buyer, seen) in looks.enumerated() where lines.count > 1 || seen >= wanted {
            do { answers.append(try await world.reserve("order/\(buyer)", lines)) } catch StoreError.failed { answers.append(nil) }
        }
        return answers
    }

    @Test func `looking in one transaction and taking in another is refused by the ledger, and seen`() async throws {
        let sound = try await answers(try await world(nil), [("1", 1, 2)])
        #expect(sound.map { $0?.isHeld } == [true, false] && sound[1]?.shortages.first?.available == 1)
        let faulty = try await world(.looksThenTakes)
        #expect(try await answers(faulty, [("1", 1, 2)]).map { $0?.isHeld } == [true, nil])
        #expect(try await faulty.balance().reserved == 2)
        #expect(try await faulty.amiss() == [])
    }

    @Test func `looking at the lines one by one is refused by the ledger, and seen`() async throws {
        let lines: [(String, Int, Int64)] = [("1", 1, 2), ("2", 1, 2)]
        #expect(try await answers(try await world(nil), lines).map { $0?.isHeld } == [false, false])
        let faulty = try await world(.looksLineByLine)
        #expect(try await answers(faulty, lines).map { $0?.isHeld } == [nil, nil])
        #expect(try await faulty.balance().reserved == 0)
        #expect(try await faulty.amiss() == [])
    }
}
