import Commerce
import Simulation
import Testing

@Suite struct SplittingTests {
    private func warehouse(_ name: String) -> WarehouseID {
        guard let id = WarehouseID(name) else { preconditionFailure("\(name) is no warehouse") }
        return id
    }

    private func plan(
        _ lines: [(sku: String, pieces: Int64)], _ stock: [String: [String: Int64]], whole: Bool = false, groups: [String] = []
    ) throws -> [String] {
        let lines = lines.enumerated().map { index, line in
            SplitLine(line: index + 1, sku: Cart.id(line.sku), pieces: line.pieces, group: groups.isEmpty ? "" : groups[index])
        }
        let stock = Dictionary(uniqueKeysWithValues: stock.map { name, goods in
            (warehouse(name), Dictionary(uniqueKeysWithValues: goods.map { (Cart.id($0), $1) }))
        })
        let rule = SplitRule(warehouses: [warehouse("east"), warehouse("west"), warehouse("north")], linesStayWhole: whole)
        return try Splitting.plan(lines, stock: stock, rule: rule).map { parcel in
            "\(parcel.warehouse)\(parcel.group): " + parcel.lines.map { "\($0.pieces)×\($0.line)" }.joined(separator: " ")
        }
    }

    @Test func `one warehouse sends all if one can, the preferred one of several`() throws {
        let lines = [(sku: "a", pieces: Int64(2)), (sku: "b", pieces: 1)]
        #expect(try plan(lines, ["east": ["a": 1, "b": 1], "west": ["a": 2, "b": 1], "north": ["a": 9, "b": 9]]) == ["west: 2×1 1×2"])
    }

    @Test func `a line larger than one warehouse comes from two, exactly as ordered`() throws {
        #expect(try plan([("a", 5)], ["east": ["a": 3], "west": ["a": 4]]) == ["west: 4×1", "east: 1×1"])
        #expect(throws: SplitShortfall(missing: [LinePieces(line: 1, pieces: 5)])) {
            try plan([("a", 5)], ["east": ["a": 3], "west": ["a": 4]], whole: true)
        }
    }

    @Test func `two lines of one SKU share what there is of it, and all is sent or nothing`() throws {
        #expect(try plan([("a", 2), ("a", 2)], ["east": ["a": 3], "west": ["a": 1]]) == ["east: 2×1 1×2", "west: 1×2"])
        #expect(throws: SplitShortfall(missing: [LinePieces(line: 2, pieces: 1)])) {
            try plan([("a", 2), ("a", 2)], ["east": ["a": 3]])
        }
    }

    @Test func `goods the seller keeps apart never share a parcel`() throws {
        #expect(try plan([("a", 1), ("b", 1), ("c", 1)], ["east": ["a": 9, "b": 9, "c": 9]], groups: ["", "frozen", ""]) == ["east: 1×1 1×3", "eastfrozen: 1×2"])
    }

    @Test func `whatever is split adds up to what was ordered and takes no more than there is`() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<3_000 {
            let places = ["east", "west", "north"].map(warehouse)
            var stock: [WarehouseID: [EntityID: Int64]] = [:]
            for place in places {
                for sku in ["a", "b", "c"] { stock[place, default: [:]][Cart.id(sku)] = Int64.random(in: 0...6, using: &random) }
            }
            let lines = (1...Int.random(in: 1...5, using: &random)).map { number in
                SplitLine(
                    line: number, sku: Cart.id(["a", "b", "c"][Int.random(in: 0...2, using: &random)]),
                    pieces: Int64.random(in: 1...7, using: &random), group: Bool.random(using: &random) ? "x" : "")
            }
            let whole = Bool.random(using: &random)
            let enough = ["a", "b", "c"].map(Cart.id).allSatisfy { sku in
                lines.reduce(0) { $0 + ($1.sku == sku ? $1.pieces : 0) } <= places.reduce(0) { $0 + (stock[$1]?[sku] ?? 0) }
            }
            do {
                let parcels = try Splitting.plan(lines, stock: stock, rule: SplitRule(warehouses: places, linesStayWhole: whole))
                for line in lines {
                    let parts = parcels.flatMap(\.lines).filter { $0.line == line.line }
                    #expect(parts.reduce(0) { $0 + $1.pieces } == line.pieces && (!whole || parts.count == 1))
                }
                for place in places {
                    for sku in ["a", "b", "c"].map(Cart.id) {
                        let taken = parcels.filter { $0.warehouse == place }.flatMap(\.lines)
                            .filter { part in lines.contains { $0.line == part.line && $0.sku == sku } }.reduce(0) { $0 + $1.pieces }
                        #expect(taken <= stock[place]?[sku] ?? 0)
                    }
                }
            } catch {
                #expect(whole || !enough)
            }
        }
    }
}
