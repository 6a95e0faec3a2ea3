import Commerce
import Simulation
import Testing

@Suite struct StockDemandTests {
    private static func part(_ line: String, _ sku: String, _ quantity: Int64) -> StockDemand.Part {
        StockDemand.Part(line: line, sku: SKUID(sku)!, quantity: quantity)
    }

    @Test func `two lines and a bundle that want one SKU are summed before anything is looked at`() throws {
        let demand = try StockDemand([
            Self.part("2", "screw", 4), Self.part("1", "board", 1), Self.part("1", "screw", 2), Self.part("2", "screw", 4),
        ])
        #expect(demand.totals.map { "\($0.sku) \($0.quantity)" } == ["board 1", "screw 10"])
        #expect(demand.parts.map { "\($0.line) \($0.sku) \($0.quantity)" } == ["1 board 1", "1 screw 2", "2 screw 8"])
    }

    @Test(arguments: [Int64(0), -5, StockQuantity.movedMax + 1])
    func `a line that wants none or too many is refused by its place`(quantity: Int64) {
        do throws(ValidationFailure) {
            _ = try StockDemand([Self.part("1", "a", 1), Self.part("2", "a", quantity)])
            Issue.record("\(quantity) was taken")
        } catch { #expect(error.field == "lines[1].quantity") }
    }

    @Test func `an order of a thousand lines is one demand, and one without lines is none`() throws {
        let many = try StockDemand((0..<1_000).map { Self.part("\($0)", "sku-\($0 % 7)", 1) })
        #expect(many.totals.reduce(0) { $0 + $1.quantity } == 1_000)
        #expect(throws: ValidationFailure.self) { try StockDemand([]) }
    }

    @Test func `what is shared out over warehouses is what was wanted`() {
        let random = SeededRandom(seed: 4)
        func number(_ below: UInt64) -> Int64 { Int64(random.next() % below) }
        for _ in 0..<2_000 {
            let sources = (0...number(4)).map {
                StockSource(WarehouseID("w\($0)")!, pool: number(8), backorderRoom: number(3))
            }
            let (wanted, poolMax) = (1 + number(20), number(20))
            let pool = min(poolMax, sources.reduce(0) { $0 + $1.pool })
            let room = sources.reduce(0) { $0 + $1.backorderRoom }
            guard let shares = Allocation.shares(of: wanted, from: sources, poolMax: poolMax) else {
                #expect(wanted > pool + room)
                continue
            }
            #expect(shares.reduce(0) { $0 + $1.quantity } == wanted)
            #expect(shares.reduce(0) { $0 + $1.owed } == max(0, wanted - pool), "something was promised while it was there")
            for share in shares {
                let source = sources.first { $0.warehouse == share.warehouse }
                #expect(share.pooled <= source?.pool ?? 0 && share.owed <= source?.backorderRoom ?? 0)
            }
        }
    }

    @Test func `one warehouse that has it all goes before two that have it together`() {
        let near = StockSource(WarehouseID("near")!, pool: 3)
        let far = StockSource(WarehouseID("far")!, pool: 9)
        #expect(Allocation.shares(of: 5, from: [near, far], poolMax: 12)?.map(\.warehouse.text) == ["far"])
        #expect(Allocation.shares(of: 11, from: [near, far], poolMax: 12)?.map(\.quantity) == [3, 8])
    }
}
