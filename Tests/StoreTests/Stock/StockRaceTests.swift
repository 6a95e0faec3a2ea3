import Commerce
import Store
import TestKit
import Testing

@Suite struct StockRaceTests {
    @Test func `hundreds want the last units, and exactly as many get one as there are`() async throws {
        let scratch = try Scratch()
        let world = try await StockWorld(try scratch.open())
        for round in 1...5 {
            let units = Int64(round * 7)
            try await world.move(.receive(units), round % 4 + 1, cause: "po-\(round)")
            let held = try await withThrowingTaskGroup(of: Bool.self) { group in
                for buyer in 1...300 {
                    group.addTask { try await world.reserve("order/\(round)-\(buyer)", [("1", round % 4 + 1, 1)]).isHeld }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(held == Int(units), "round \(round)")
        }
        #expect(try await world.amiss() == [])
        await world.store.close()
    }

    @Test func `orders of several articles that cross each other are held whole, and none waits for another`() async throws {
        let scratch = try Scratch()
        let world = try await StockWorld(try scratch.open())
        for number in 1...4 { try await world.move(.receive(30), number, cause: "po-\(number)") }
        let held = try await withThrowingTaskGroup(of: Int.self) { group in
            for buyer in 0..<200 {
                group.addTask {
                    // Each wants two articles, half of them in the other order.
                    let (first, second) = (buyer % 4 + 1, (buyer + 1 + buyer / 4 % 3) % 4 + 1)
                    let outcome = try await world.reserve("order/\(buyer)", [("1", first, 1), ("2", second, 1)])
                    return outcome.isHeld ? 2 : 0
                }
            }
            return try await group.reduce(0, +)
        }
        var reserved: Int64 = 0
        for number in 1...4 { reserved += try await world.balance(number).reserved }
        #expect(Int(reserved) == held)
        #expect(held <= 120)
        #expect(try await world.amiss() == [])
        await world.store.close()
    }

    @Test func `claims, cancels and time race for the same holds, and each ends once`() async throws {
        let scratch = try Scratch()
        let world = try await StockWorld(try scratch.open())
        try await world.move(.receive(100), cause: "po-1")
        for buyer in 1...100 { #expect(try await world.reserve("order/\(buyer)", [("1", 1, 1)], minutes: buyer % 2 + 1).isHeld) }
        world.time.advance(by: .seconds(60))
        let (claimed, released) = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            for buyer in 1...100 {
                for _ in 1...2 {
                    group.addTask { (try await world.claim("order/\(buyer)").isDone ? 1 : 0, 0) }
                    group.addTask { (0, try await world.release("order/\(buyer)").isDone ? 1 : 0) }
                }
            }
            group.addTask {
                try await world.store.write { writing throws(StoreError) in try writing.expireHolds() }
                return (0, 0)
            }
            return try await group.reduce((0, 0)) { ($0.0 + $1.0, $0.1 + $1.1) }
        }
        let balance = try await world.balance()
        #expect(balance.sold == Int64(claimed))
        #expect(balance.reserved == 0)
        #expect(balance.pool == 100 - Int64(claimed))
        #expect(claimed + released <= 100)
        #expect(try await world.amiss() == [])
        await world.store.close()
    }
}
