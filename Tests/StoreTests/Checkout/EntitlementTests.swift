import Commerce
import GRDB
import TestKit
import Testing

@testable import Store

@Suite struct EntitlementTests {
    private let world: StockWorld
    private static let ann = EntityID("ann")!

    init() async throws {
        world = try await StockWorld()
        try await issue(.coupon, "c1", 1, to: Self.ann)
        try await issue(.points, "ann", 100, to: Self.ann)
        try await issue(.quota, "spring", 2)
    }

    @discardableResult
    private func issue(
        _ kind: EntitlementKind, _ id: String, _ quantity: Int64, to member: EntityID? = nil, from: Timestamp? = nil,
        until: Timestamp? = nil, cause: String? = nil
    ) async throws -> Bool {
        let cause = try StockCause(cause ?? "issue/\(kind)/\(id)")
        return try await world.store.write { writing throws(StoreError) in
            try writing.issue(kind, id, quantity, to: member, from: from, until: until, cause: cause, author: "t")
        }
    }

    private func hold(
        _ owner: String, coupons: [String] = [], points: Int64 = 0, quotas: [String] = [], member: EntityID? = ann
    ) async throws -> EntitlementOutcome {
        let demand = try EntitlementDemand(coupons: coupons, points: points, quotas: quotas, member: member)
        return try await world.store.write { writing throws(StoreError) in
            try writing.holdEntitlements(demand, owner: owner, member: member)
        }
    }

    @discardableResult
    private func settle(_ owner: String, _ state: EntitlementState, points: Int64 = 0, back: Int64 = 0) async throws -> Bool {
        let target = OrderEntitlements(
            coupons: ["c1": state], pointsHeld: 0, pointsClaimed: state == .claimed ? points - back : 0, pointsReturned: back)
        return try await world.store.write { writing throws(StoreError) in
            try writing.settleEntitlements(owner: owner, as: target, quota: state)
        }
    }

    /// available/held/claimed of what there is.
    private func figures(_ kind: EntitlementKind, _ id: String) async throws -> String? {
        try await world.store.read { reading throws(StoreError) in try reading.entitlement(kind, id) }.map {
            "\($0.balance.available)/\($0.balance.held)/\($0.balance.claimed)"
        }
    }

    private func amiss() async throws -> [EntitlementDifference] {
        try await world.store.read { reading throws(StoreError) in try reading.entitlementDifferences() }
    }

    @Test func `a coupon is used by one order, whoever else wants it`() async throws {
        guard case .held = try await hold("o-1", coupons: ["c1"]) else { Issue.record("refused"); return }
        #expect(try await hold("o-2", coupons: ["c1"], points: 5) == .refused(.coupon, id: "c1", .short(wanted: 1, available: 0)))
        #expect(try await figures(.points, "ann") == "100/0/0")
        guard case .known = try await hold("o-1", coupons: ["c1"]) else { Issue.record("taken twice"); return }
        #expect(try await settle("o-1", .claimed))
        #expect(try await !settle("o-1", .claimed))
        #expect(try await figures(.coupon, "c1") == "0/0/1")
        #expect(try await amiss() == [])
    }

    @Test func `a cancelled order gives everything back, once`() async throws {
        _ = try await hold("o-1", coupons: ["c1"], points: 30, quotas: ["spring"])
        #expect(try await figures(.points, "ann") == "70/30/0")
        for _ in 1...3 { try await settle("o-1", .returned, back: 30) }
        #expect(try await figures(.coupon, "c1") == "1/0/0")
        #expect(try await figures(.points, "ann") == "100/0/0")
        #expect(try await figures(.quota, "spring") == "2/0/0")
        // Heard late, a payment does not take what is somebody else's by now.
        try await settle("o-1", .claimed, points: 30)
        #expect(try await figures(.coupon, "c1") == "1/0/0")
        #expect(try await amiss() == [])
    }

    @Test func `points come back piece by piece, and never more than were taken`() async throws {
        _ = try await hold("o-1", coupons: ["c1"], points: 30)
        try await settle("o-1", .claimed, points: 30)
        try await settle("o-1", .claimed, points: 30, back: 10)
        #expect(try await figures(.points, "ann") == "80/0/20")
        #expect(try await !settle("o-1", .claimed, points: 30, back: 10))
        #expect(try await figures(.points, "ann") == "80/0/20")
        try await settle("o-1", .returned, points: 30, back: 30_000)
        #expect(try await figures(.points, "ann") == "100/0/0")
        #expect(try await figures(.coupon, "c1") == "1/0/0")
        #expect(try await amiss() == [])
    }

    @Test func `told of payment and refund at once, the ledger shows what is told one after the other`() async throws {
        _ = try await hold("o-1", points: 30)
        try await settle("o-1", .claimed, points: 30, back: 10)
        #expect(try await figures(.points, "ann") == "80/0/20")
        #expect(try await amiss() == [])
    }

    @Test func `an order that comes to life again has its entitlements only if nobody took them meanwhile`() async throws {
        _ = try await hold("o-1", coupons: ["c1"], points: 30)
        try await settle("o-1", .returned, back: 30)
        _ = try await hold("o-2", points: 90)
        let refused = try await world.store.write { writing throws(StoreError) in try writing.rehold(owner: "o-1") }
        #expect(refused == .refused(.points, id: "ann", .short(wanted: 30, available: 10)))
        #expect(try await figures(.coupon, "c1") == "1/0/0")
        try await settle("o-2", .returned, back: 90)
        guard case .held = try await world.store.write({ writing throws(StoreError) in try writing.rehold(owner: "o-1") }) else {
            Issue.record("refused although all is there"); return
        }
        #expect(try await figures(.coupon, "c1") == "0/1/0")
        try await settle("o-1", .claimed, points: 30)
        #expect(try await figures(.points, "ann") == "70/0/30")
        #expect(try await amiss() == [])
    }

    @Test func `fifty orders want a promotion with room for two, and two get it`() async throws {
        let world = world
        let got = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 1...50 {
                group.addTask {
                    let demand = try EntitlementDemand(quotas: ["spring"])
                    let outcome = try await world.store.write { writing throws(StoreError) in
                        try writing.holdEntitlements(demand, owner: "o-\(number)", member: nil)
                    }
                    if case .held = outcome { return true }
                    return false
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(got == 2)
        #expect(try await figures(.quota, "spring") == "0/2/0")
        #expect(try await amiss() == [])
    }

    @Test func `another member's coupon and one that is not there look the same`() async throws {
        #expect(try await hold("o-1", coupons: ["c1"], member: EntityID("ben")) == .refused(.coupon, id: "c1", .unknown))
        #expect(try await hold("o-1", coupons: ["c1"], member: nil) == .refused(.coupon, id: "c1", .unknown))
        #expect(try await hold("o-1", coupons: ["nix"]) == .refused(.coupon, id: "nix", .unknown))
    }

    @Test func `a coupon is used in its time alone, and an order keeps what it has`() async throws {
        let start = world.now + .seconds(60), end = world.now + .seconds(120)
        try await issue(.coupon, "c2", 1, from: start, until: end)
        #expect(try await hold("o-1", coupons: ["c2"]) == .refused(.coupon, id: "c2", .notYet(start)))
        world.time.advance(by: .seconds(60))
        guard case .held = try await hold("o-1", coupons: ["c2"]) else { Issue.record("refused in its time"); return }
        world.time.advance(by: .seconds(60))
        let target = OrderEntitlements(coupons: ["c2": .claimed], pointsHeld: 0, pointsClaimed: 0, pointsReturned: 0)
        try await world.store.write { writing throws(StoreError) in
            _ = try writing.settleEntitlements(owner: "o-1", as: target, quota: .claimed)
        }
        #expect(try await figures(.coupon, "c2") == "0/0/1")
        try await issue(.coupon, "c3", 1, until: end)
        #expect(try await hold("o-2", coupons: ["c3"]) == .refused(.coupon, id: "c3", .over(end)))
    }

    @Test func `what was given out for a cause is not given out again for it`() async throws {
        #expect(try await !issue(.points, "ann", 100, to: Self.ann))
        #expect(try await figures(.points, "ann") == "100/0/0")
        await #expect(throws: StoreError.self) { try await issue(.points, "ann", 101, to: Self.ann) }
        await #expect(throws: StoreError.self) { try await issue(.coupon, "c1", 1, to: Self.ann, cause: "again") }
        await #expect(throws: StoreError.self) { try await issue(.points, "ben", 5, to: Self.ann, cause: "wrong") }
        _ = try await hold("o-1", points: 60)
        let cause = try StockCause("revoke/1")
        await #expect(throws: StoreError.self) {
            try await world.store.write { writing throws(StoreError) in
                _ = try writing.revoke(.points, "ann", 41, cause: cause, author: "t")
            }
        }
        for expected in [true, false] {
            let took = try await world.store.write { writing throws(StoreError) in
                try writing.revoke(.points, "ann", 40, cause: cause, author: "t")
            }
            #expect(took == expected)
        }
        #expect(try await figures(.points, "ann") == "0/60/0")
        #expect(try await amiss() == [])
    }

    @Test(arguments: [
        "UPDATE entitlement SET available = available + 1 WHERE kind = 'points'", "UPDATE entitlement SET claimed = 1 WHERE id = 'spring'",
        "UPDATE entitlement_use SET held = held - 1 WHERE held > 1",
    ]) func `what was altered behind the ledger's back is found`(sql: String) async throws {
        _ = try await hold("o-1", points: 10)
        #expect(try await amiss() == [])
        try await world.store.connection.writeWithoutTransaction { db in
            try db.execute(sql: sql)
            #expect(db.changesCount > 0)
        }
        #expect(try await !amiss().isEmpty)
    }

    @Test(arguments: [
        "UPDATE entitlement SET available = -1 WHERE kind = 'points'", "UPDATE entitlement SET available = 2 WHERE kind = 'coupon'",
        "UPDATE entitlement_entry SET quantity = 1", "DELETE FROM entitlement_entry",
        "INSERT INTO entitlement_entry (entitlement, quantity, from_account, to_account, cause, at) SELECT entitlement, quantity, from_account, to_account, cause, at FROM entitlement_entry",
    ]) func `the schema itself refuses what no order may do, whatever a program asks`(sql: String) async throws {
        await #expect(throws: (any Error).self) {
            try await world.store.connection.writeWithoutTransaction { db in try db.execute(sql: sql) }
        }
    }
}
