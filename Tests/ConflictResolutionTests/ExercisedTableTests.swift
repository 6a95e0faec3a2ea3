import Commerce
import ConflictResolution
import TestKit
import Testing

/// Every unit of the catalog, edited at once by the hub and two channels.
@Suite struct ExercisedTableTests {
    /// Who wrote what all had seen, if anybody did.
    private static let bases: [Actor?] = [nil, World.hub, World.web]
    private static let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    /// Which of the three deletes instead of editing; the last is nobody.
    private static let deleters = [0, 1, 2, 3]

    private func edits(_ values: [JSON], base: Actor?, deleter: Int) -> [Version<JSON?>] {
        var seen = VectorClock()
        var writes: [Version<JSON?>] = []
        if let base {
            writes.append(.by(base, at: 1, values[0]))
            seen.insert(writes[0].dot)
        }
        for (place, actor) in [World.hub, World.web, World.app].enumerated() {
            let value: JSON? = place == deleter ? nil : values[place + 1]
            writes.append(.by(actor, at: Int64(10 - place * 3), having: seen, value))
        }
        return writes
    }

    @Test(arguments: UnitCatalog.all.map(\.pattern).indices)
    func `hub and two channels end at the same value in whatever order they are heard`(place: Int) throws {
        let unit = UnitCatalog.all[place]
        let values = try UnitSamples.values(of: unit).map { try unit.validate($0) }
        try #require(values.count == 4, "\(unit.kind) \(unit.family) has no samples")
        for base in ExercisedTableTests.bases {
            for deleter in ExercisedTableTests.deleters {
                let writes = edits(values, base: base, deleter: deleter)
                let first = Array(writes.dropLast(3))
                let rivals = Array(writes.suffix(3))
                var expected: Resolution?
                for order in ExercisedTableTests.orders {
                    var siblings = Siblings<JSON?>()
                    var history = FullHistory()
                    for version in first + order.map({ rivals[$0] }) {
                        siblings.update(version)
                        history.writes.append(version)
                    }
                    let resolver = Resolver(
                        policy: unit.policy, authority: World.Hub(), history: history, validate: unit.validate)
                    let resolution = resolver.resolve(siblings)
                    #expect(expected == nil || resolution == expected, "\(unit.kind) \(unit.pattern) \(order)")
                    expected = resolution
                }
                if let live = expected?.live { #expect(try unit.validate(live) == live) }
            }
        }
    }

    @Test func `every unit in the catalog has samples and a name`() throws {
        for unit in UnitCatalog.all {
            let name = try #require(UnitSamples.name(of: unit))
            #expect(try UnitCatalog.definition(unit.kind, name).family == unit.family)
            #expect(UnitSamples.values(of: unit).count == 4)
        }
    }
}
