import Commerce
import ConflictResolution
import Store
import TestKit
import Testing

@Suite struct SnapshotTests {
    private func filled(_ order: [Int]) async throws -> Store {
        let store = try Store(.memory, surroundings: .still())
        for number in order {
            try await store.write { writing throws(StoreError) in
                let entity = place("c\(number)").entity
                try writing.create(entity)
                _ = try writing.apply(UnitWrite(UnitRef(entity, UnitName("life")!), ["state": "live"], author: "t", origin: .api))
                _ = try writing.apply(UnitWrite(place("c\(number)"), standing(number), author: "t", origin: .api))
            }
        }
        return store
    }

    @Test(arguments: [1, 2, 3, 4, 7, 100]) func `pages together hold every live unit once, entities whole`(_ limit: Int) async throws {
        let store = try await filled(Array(0..<7))
        var seen: [UnitRef] = []
        var next: Int64? = 0
        var begun: Int64?
        while let after = next {
            let from = begun
            let page = try await store.read { reading throws(StoreError) in
                try reading.snapshot(after: after, begun: from, limit: limit)
            }
            if begun == nil {
                // Later writes belong to the feed after `begun`, whichever page they show up in.
                try await store.put("c6", 99)
            }
            #expect(page.changes.count % 2 == 0)
            seen += page.changes.map(\.unit)
            (next, begun) = (page.next, page.begun)
        }
        #expect(begun == 14)
        #expect(seen.count == 14 && Set(seen).count == 14)
    }

    @Test func `a digest tells catalogs apart and does not care how they came about`() async throws {
        func digest(_ store: Store) async throws -> String {
            try await store.read { reading throws(StoreError) in try reading.digest() }
        }
        let one = try await filled([1, 2, 3])
        let other = try await filled([3, 1, 2])
        #expect(try await digest(one) == digest(other))
        try await other.put("c1", 50)
        #expect(try await digest(one) != digest(other))
        try await other.put("c1", 1)
        #expect(try await digest(one) == digest(other))
        try await other.write { writing throws(StoreError) in
            try writing.create(place("c9").entity)
            _ = try writing.apply(UnitWrite(place("c9"), standing(9), author: "t", origin: .api))
            _ = try writing.apply(
                UnitWrite(UnitRef(place("c9").entity, UnitName("life")!), ["state": "deleted"], author: "t", origin: .api))
        }
        #expect(try await digest(one) == digest(other))
    }

    @Test func `a digest is taken under what a holder makes of values`() async throws {
        let store = try await filled([1, 2])
        try await store.read { reading throws(StoreError) in
            let plain = try reading.digest()
            #expect(try reading.digest(transform: { _, value in value }) == plain)
            #expect(try reading.digest(wanted: { $0.unit.text == "place" }) != plain)
            let dropped = try reading.digest(transform: { unit, value in unit.unit.text == "place" ? value : JSON?.none })
            #expect(try reading.digest(wanted: { $0.unit.text == "place" }) == dropped)
        }
    }

    @Test func `the log gives what happened, in order, from either end`() async throws {
        let store = try await filled([1])
        for number in 2...5 { try await store.put("c1", number) }
        try await store.read { reading throws(StoreError) in
            #expect(try reading.changes(after: 2, limit: 3).map(\.sequence) == [3, 4, 5])
            #expect(try reading.changes(before: 5, limit: 2).map(\.sequence) == [4, 3])
            #expect(try reading.changes(limit: 1).map(\.sequence) == [6])
        }
    }
}
