import Commerce
import GRDB
import TestKit
import Testing

@testable import Store

@Suite struct ParcelRowTests {
    @Test func `every parcel of an order has a row, what is sent again as well`() async throws {
        let house = try await ParcelWorld()
        try await house.ship("1-a", pieces: 2)
        try await house.leave("1-a", part: "p2")
        let claim = AfterSaleClaim(kind: .resend, lines: [LineShare(line: 1, pieces: 1, amount: 0)], reason: "broken", evidence: [])
        let steps: [AfterSaleFact] = [
            .asked(claim), .answered(1, AfterSaleAnswer(by: .seller, .agree)), .reshipped(carrier: "SF", tracking: "SF 9"),
        ]
        for fact in steps { try await house.world.tell(.afterSale(EntityID("c1")!, fact), of: "1-a", judged: false) }
        let parcels = try await house.store.read { reading throws(StoreError) in try reading.parcels(of: "1-a") }
        #expect(parcels.map(\.part.text) == ["p1", "p2", "as:c1"])
        #expect(parcels.last?.number == "SF9" && parcels.first?.phoneTail?.digits == "1234" && parcels.first?.destination == "CN/31")
        try await house.hear(house.report("SF9", [event(house.now, .delivered)]))
        #expect(try await house.sight("1-a", "as:c1")?.track.phase == .delivered)
        #expect(try await house.order("1-a").state.problems == [])
        #expect(try await house.world.amiss() == [])
    }

    @Test func `an order whose parcel moved is told again in a newer edition, and without news it is not`() async throws {
        let house = try await ParcelWorld()
        try await house.ship("1-a")
        let before = try await house.order("1-a")
        let place = try await house.store.read { reading throws(StoreError) in try reading.newestSequence() }
        let way = house.report("SFp1", [event(house.now, .pickedUp)])
        try await house.hear(way)
        try await house.hear(way)
        let after = try await house.order("1-a")
        #expect(after.edition == before.edition + 1 && after.version == before.version)
        let moves = try await house.store.read { reading throws(StoreError) in
            try reading.orderMoves(of: try reading.requireChannel(TradeWorld.web), after: place, limit: 10)
        }
        #expect(moves.map(\.number) == ["1-a"])
    }

    @Test func `an edition grows with facts and tracks alike`() async throws {
        let house = try await ParcelWorld()
        try await house.ship("1-a")
        var last = try await house.order("1-a").edition
        for step in 1...6 {
            house.world.advance(.seconds(3_600))
            if step.isMultiple(of: 2) {
                try await house.world.tell(.remarked(EntityID("n\(step)")!, text: "seen"), of: "1-a")
            } else {
                try await house.hear(house.report("SFp1", [event(house.now, .inTransit, "站 \(["甲", "乙", "丙"][step / 2])")]))
            }
            let edition = try await house.order("1-a").edition
            #expect(edition > last)
            last = edition
        }
        let listed = try await house.store.read { reading throws(StoreError) in try reading.orders(OrderSearch(), limit: 1).first?.version }
        #expect(listed == last)
    }

    @Test func `what is kept beside the events is compared with them, and made anew`() async throws {
        let house = try await ParcelWorld()
        try await house.ship("1-a")
        try await house.hear(house.report("SFp1", [event(house.now, .pickedUp)]))
        try await house.store.write { writing throws(StoreError) in
            try writing.perform { db in try db.execute(sql: "UPDATE parcel SET phase = 'delivered', entries = 7") }
        }
        let found = try await house.store.read { reading throws(StoreError) in try reading.examine() }
        #expect(found.map(\.rule) == [.parcels])
        try await house.world.tell(.remarked(EntityID("n1")!, text: "seen"), of: "1-a")
        #expect(try await house.world.amiss() == [])
    }

    @Test func `a parcel under way whose row was lost is found, and followed again`() async throws {
        let house = try await ParcelWorld()
        try await house.ship("1-a")
        try await house.store.write { writing throws(StoreError) in try writing.perform { db in try db.execute(sql: "DELETE FROM parcel") } }
        #expect(try await house.world.amiss() == ["order 1-a: parcel p1 is followed by nobody"])
        try await house.world.tell(.remarked(EntityID("n1")!, text: "seen"), of: "1-a")
        #expect(try await house.world.amiss() == [])
    }

    @Test func `events stand as they were told`() async throws {
        let house = try await ParcelWorld()
        try await house.ship("1-a")
        try await house.hear(house.report("SFp1", [event(house.now, .pickedUp)]))
        for sql in ["UPDATE parcel_event SET text = 'x'", "DELETE FROM parcel_event"] {
            await #expect(throws: StoreError.self) {
                try await house.store.write { writing throws(StoreError) in try writing.perform { db in try db.execute(sql: sql) } }
            }
        }
    }

    @Test func `a carrier's later word of its delivery counts, whichever was heard first`() async throws {
        for isSwapped in [false, true] {
            let house = try await ParcelWorld()
            try await house.ship("1-a")
            let (one, two) = (house.hours(0), house.hours(1))
            house.world.advance(.seconds(2 * 3_600))
            let reports = [
                house.report("SFp1", [event(one, .pickedUp)], estimate: house.hours(10)),
                house.report("SFp1", [event(two, .inTransit)], estimate: house.hours(30)),
            ]
            for report in isSwapped ? reports.reversed() : reports { try await house.hear(report) }
            #expect(try await house.sight("1-a")?.estimate == DeliveryEstimate(at: house.hours(30), source: .carrier("kd")))
        }
    }

    @Test func `parcels that came teach when the next will, once there are enough of them`() async throws {
        var policy = TrackingPolicy.standard
        policy.samplesMin = 10
        let house = try await ParcelWorld(policy: policy)
        for number in 1...10 {
            try await house.ship("1-\(number)", tracking: "T\(number)")
            let left = house.now
            house.world.advance(.seconds(30 * 3_600))
            if number == 10 {
                try await house.ship("2-early", tracking: "E")
                try await house.hear(house.report("E", [event(house.now, .pickedUp)]))
                #expect(try await house.sight("2-early")?.estimate == nil)
            }
            try await house.hear(house.report("T\(number)", [event(left + .seconds(number * 3_600), .delivered)]))
        }
        try await house.ship("2-a", tracking: "N")
        try await house.hear(house.report("N", [event(house.now, .pickedUp)]))
        let estimate = try await house.sight("2-a")?.estimate
        #expect(estimate == DeliveryEstimate(at: house.hours(5), latest: house.hours(9), source: .sameWay(samples: 10)))
    }

    @Test func `a label that was written otherwise is another label`() async throws {
        let house = try await ParcelWorld()
        try await house.ship("1-a")
        let other = Parcel(
            id: EntityID("p1")!, carrier: "SF", tracking: "ZZ1", warehouse: .main, lines: [LinePieces(line: 1, pieces: 1)])
        let earlier = Timestamp(milliseconds: house.now.milliseconds - 1_000)
        try await house.world.tell(.shipped(other), of: "1-a", judged: false, at: earlier)
        let parcels = try await house.store.read { reading throws(StoreError) in try reading.parcels(of: "1-a") }
        #expect(parcels.filter { $0.lookAt != nil }.map(\.number) == ["ZZ1"])
        try await house.hear(house.report("ZZ1", [event(house.now, .inTransit)]))
        #expect(try await house.sight("1-a")?.track.phase == .inTransit)
    }
}
