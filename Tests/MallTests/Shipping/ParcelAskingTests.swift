import ChannelAdapters
import Commerce
import Mall
import Store
import TestKit
import Testing

@Suite struct ParcelAskingTests {
    @Test func `one that tells nothing by itself is asked twice an hour and not after the end`() async throws {
        let house = try await ShippingHouse([PostOffice("sf-own")])
        house.posts[0].subscribing { _, _ in .asksOnly }
        try await house.ship("1-a")
        let came = house.now + ShippingHouse.day
        let time = house.world.time
        let (before, after) = (house.report([(house.now, .pickedUp)]), house.report([(house.now, .pickedUp), (came, .delivered)]))
        house.posts[0].tracking { _ in .report(time.now() < came ? before : after) }
        try await house.wait(ShippingHouse.day)
        #expect((40...49).contains(house.posts[0].questions("N1")))
        try await house.wait(ShippingHouse.hour)
        #expect(try await house.world.order("1-a").state.parcels.first?.deliveredAt == came)
        for _ in 0..<30 { try await house.wait(ShippingHouse.day) }
        let asked = house.posts[0].questions("N1")
        #expect(try await house.parcel("1-a")?.lookAt == nil)
        for _ in 0..<30 { try await house.wait(ShippingHouse.day) }
        #expect(house.posts[0].questions("N1") == asked)
        #expect(house.posts[0].subscriptions("N1") == 1)
    }

    @Test func `one that promised to tell is asked when it is silent for long`() async throws {
        let house = try await ShippingHouse([PostOffice("kd")])
        try await house.ship("1-a")
        let way = house.report([(house.now, .inTransit)])
        house.posts[0].tracking { _ in .report(way) }
        try await house.wait(.seconds(11 * 3_600))
        #expect(house.posts[0].questions("N1") == 0)
        try await house.wait(.seconds(2 * 3_600))
        #expect(house.posts[0].questions("N1") == 1)
        #expect(try await house.parcel("1-a")?.phase == .inTransit)
        #expect(try await house.watches("1-a").first?.state == .taken)
    }

    @Test func `a service that is dark is asked less and less`() async throws {
        let house = try await ShippingHouse([PostOffice("sf-own")])
        house.posts[0].subscribing { _, _ in .asksOnly }
        house.posts[0].tracking { _ in .later("no answer", after: nil) }
        try await house.ship("1-a")
        for _ in 0..<48 { try await house.wait(ShippingHouse.hour) }
        #expect((10...30).contains(house.posts[0].questions("N1")))
    }

    @Test func `one to which nothing happens is stalled, once, until something does`() async throws {
        let house = try await ShippingHouse([PostOffice("kd")])
        try await house.ship("1-a")
        try await house.clerk.hear(house.report([(house.now, .inTransit)]), from: "kd")
        for _ in 0..<6 { try await house.wait(ShippingHouse.day) }
        #expect(try await house.notices() == [.stalled])
        let stalled = try #require(try await house.parcel("1-a")?.stalledAt)
        #expect(stalled < house.now)
        try await house.clerk.hear(house.report([(house.now, .outForDelivery)]), from: "kd")
        #expect(try await house.parcel("1-a")?.stalledAt == nil)
        #expect(try await house.notices() == [])
        #expect(try await house.world.amiss() == [])
    }

    @Test func `the buyer's own word ends the waiting, and the parcel is followed no longer than need be`() async throws {
        let house = try await ShippingHouse([PostOffice("kd")])
        try await house.ship("1-a")
        try await house.world.tell(.delivered(parcel: EntityID("p1")!), of: "1-a")
        for _ in 0..<8 { try await house.wait(ShippingHouse.day) }
        #expect(try await house.parcel("1-a")?.lookAt == nil)
        #expect(try await house.notices() == [])
    }
}
