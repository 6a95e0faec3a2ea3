import Commerce
import Store
import TestKit
import Testing

@Suite struct ParcelHearingTests {
    @Test func `an order hears once that its parcel came, at the time its carrier says`() async throws {
        let house = try await ParcelWorld()
        try await house.ship("1-a")
        let came = house.hours(20)
        house.world.advance(.seconds(30 * 3_600))
        let way = house.report("sf p1", [event(came, .delivered)])
        #expect(try await house.hear(way).map(\.isDelivered) == [true])
        #expect(try await house.hear(way).map(\.isDelivered) == [false])
        #expect(try await house.hear(way, from: "17").map(\.isDelivered) == [false])
        let state = try await house.order("1-a").state
        #expect(state.parcels.first?.deliveredAt == came)
        let told = state.timeline.filter { $0.fact.kind == .delivered }
        #expect(told.count == 1 && told.first?.author == "kd")
        #expect(try await house.world.amiss() == [])
    }

    @Test func `the wait for the buyer's word runs from when the parcel came`() async throws {
        let house = try await ParcelWorld()
        try await house.ship("1-a")
        let came = house.hours(20)
        house.world.advance(.seconds(30 * 3_600))
        try await house.hear(house.report("SFp1", [event(came, .delivered)]))
        let timers = try await house.store.read { reading throws(StoreError) in try reading.timers(of: "1-a") }
        #expect(timers.first { $0.timer.kind == .autoReceive }?.timer.due == came + OrderPatience().receive)
    }

    @Test func `news of a parcel nobody booked is to come again, and is taken in once it is booked`() async throws {
        let house = try await ParcelWorld()
        let way = house.report("SFp1", [event(house.now, .pickedUp)])
        await #expect(throws: StoreError.notFound("a parcel SFP1 of sf that was booked here")) { try await house.hear(way) }
        try await house.ship("1-a")
        try await house.hear(way)
        #expect(try await house.parcel("1-a")?.phase == .pickedUp)
    }

    @Test func `the same number at another carrier is another parcel`() async throws {
        let house = try await ParcelWorld()
        try await house.ship("1-a")
        try await house.hear(house.report("SFp1", [event(house.now, .pickedUp)]))
        let other = house.report("SFp1", [event(house.now, .delivered)], carrier: CarrierID("yto")!)
        await #expect(throws: StoreError.self) { try await house.hear(other) }
        #expect(try await house.parcel("1-a")?.phase == .pickedUp)
    }

    @Test func `two services tell of one parcel, and neither is shown twice`() async throws {
        let house = try await ParcelWorld()
        try await house.ship("1-a")
        let (left, came) = (house.hours(1), house.hours(20))
        house.world.advance(.seconds(30 * 3_600))
        try await house.hear(house.report("SFp1", [event(left, .pickedUp, "已揽收"), event(came, .delivered, "已签收")]))
        let edition = try await house.order("1-a").edition
        try await house.hear(house.report("SFp1", [event(came, .delivered, "签收")]), from: "17")
        #expect(try await house.sight("1-a")?.track.entries.map(\.event.phase) == [.pickedUp, .delivered])
        #expect(try await house.order("1-a").edition == edition)
    }

    @Test func `a return after delivery is told to people, and the order keeps what it was told`() async throws {
        let house = try await ParcelWorld()
        try await house.ship("1-a")
        let (came, turned) = (house.hours(20), house.hours(40))
        house.world.advance(.seconds(50 * 3_600))
        try await house.hear(house.report("SFp1", [event(came, .delivered)]))
        try await house.hear(house.report("SFp1", [event(turned, .returning)]))
        #expect(try await house.order("1-a").state.parcels.first?.deliveredAt == came)
        let notice = try #require(try await house.notices().first)
        #expect(notice.kind == .returned && notice.order == "1-a" && notice.detail.contains("after it had been delivered"))
        #expect(try await house.sight("1-a")?.json["state"]?.string == "returning")
    }

    @Test func `trouble is a notice, and settles itself when the parcel moves on`() async throws {
        let house = try await ParcelWorld()
        try await house.ship("1-a")
        let (out, failed) = (house.hours(1), house.hours(2))
        house.world.advance(.seconds(10 * 3_600))
        let way = house.report("SFp1", [event(out, .outForDelivery), event(failed, .exception, "nobody there")])
        for _ in 1...3 { try await house.hear(way) }
        #expect(try await house.notices().map(\.kind) == [.trouble])
        try await house.hear(house.report("SFp1", [event(house.now, .outForDelivery)]))
        #expect(try await house.notices() == [])
        #expect(try await house.notices(open: false).first?.settledBy == "track")
        #expect(try await house.sight("1-a")?.track.failedAttempts == 1)
    }

    @Test func `a lapse at the service ends neither the parcel nor what is known of it`() async throws {
        let house = try await ParcelWorld()
        try await house.ship("1-a")
        try await house.hear(house.report("SFp1", [event(house.now, .inTransit)]))
        try await house.hear(house.report("SFp1", [], watch: .gaveUp("60天无变化")))
        let parcel = try #require(try await house.parcel("1-a"))
        let watch = try await house.store.read { reading throws(StoreError) in try reading.watches(of: parcel).first }
        #expect(parcel.phase == .inTransit && watch?.state == .later && watch?.told == "60天无变化")
        #expect(try await house.notices() == [])
    }

    @Test func `a carrier that was corrected is taken over with a notice, and the old name's end means nothing`() async throws {
        let house = try await ParcelWorld()
        try await house.ship("1-a")
        let zto = CarrierID("zto")!
        try await house.hear(house.report("SFp1", [event(house.now, .pickedUp)]))
        try await house.hear(house.report("SFp1", [], watch: .otherCarrier(zto)))
        try await house.hear(house.report("SFp1", [], watch: .gaveUp("3天查询无记录")))
        try await house.hear(house.report("SFp1", [event(house.now, .inTransit)], carrier: zto))
        let parcel = try #require(try await house.parcel("1-a"))
        let watch = try await house.store.read { reading throws(StoreError) in try reading.watches(of: parcel).first }
        #expect(parcel.carrier == zto && parcel.former == [ParcelWorld.sf] && parcel.phase == .inTransit && watch?.state == .taken)
        #expect(try await house.notices().map(\.kind) == [.carrier])
    }

    @Test func `what is older than the order or days ahead is another parcel's, or a promise`() async throws {
        let house = try await ParcelWorld()
        try await house.ship("1-a")
        let old = Timestamp(milliseconds: house.now.milliseconds - 200 * 86_400_000)
        try await house.hear(house.report("SFp1", [event(old, .delivered), event(house.hours(90), .delivered), event(house.now, .pickedUp)]))
        #expect(try await house.parcel("1-a")?.phase == .pickedUp)
        #expect(try await house.order("1-a").state.parcels.first?.deliveredAt == nil)
    }
}
