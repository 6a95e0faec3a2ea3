import ChannelAdapters
import Commerce
import Mall
import Store
import TestKit
import Testing

@Suite struct ParcelClerkTests {
    @Test func `a parcel that left is subscribed once, whatever happens to it`() async throws {
        let house = try await ShippingHouse([PostOffice("kd"), PostOffice("17")])
        try await house.ship("1-a")
        let left = house.now
        try await house.wait(ShippingHouse.hour)
        try await house.clerk.hear(house.report([(left, .pickedUp)]), from: "kd")
        try await house.wait(ShippingHouse.day)
        #expect(house.posts[0].subscriptions("N1") == 1)
        #expect(house.posts[1].subscriptions("N1") == 0)
        #expect(try await house.watches("1-a").map(\.state) == [.taken])
    }

    @Test func `two services follow one parcel where two are to`() async throws {
        var policy = TrackingPolicy.standard
        policy.services = 2
        let house = try await ShippingHouse([PostOffice("kd"), PostOffice("17"), PostOffice("sf-own")], policy: policy)
        try await house.ship("1-a")
        try await house.wait(ShippingHouse.hour)
        #expect(house.posts.map { $0.subscriptions("N1") } == [1, 1, 0])
    }

    @Test func `one label on two orders is subscribed once, and both hear`() async throws {
        let house = try await ShippingHouse([PostOffice("kd")])
        try await house.ship("1-a")
        try await house.ship("1-b")
        try await house.wait(ShippingHouse.hour)
        #expect(house.posts[0].subscriptions("N1") == 1)
        let hearings = try await house.clerk.hear(house.report([(house.now, .delivered)]), from: "kd")
        #expect(hearings.map(\.order) == ["1-a", "1-b"] && hearings.allSatisfy(\.isDelivered))
    }

    @Test func `one that refuses is passed over and told to people, and is asked again later`() async throws {
        let house = try await ShippingHouse([PostOffice("kd")])
        house.posts[0].subscribing { _, before in before == 0 ? .refused("快递公司编码错误") : .taken }
        try await house.ship("1-a")
        try await house.wait(ShippingHouse.hour)
        #expect(try await house.watches("1-a").first?.told == "快递公司编码错误")
        #expect(try await house.notices() == [.refused])
        try await house.wait(ShippingHouse.day)
        #expect(try await house.watches("1-a").first?.state == .taken)
        #expect(try await house.notices() == [])
        #expect(house.posts[0].subscriptions("N1") == 2)
    }

    @Test func `the next service follows what the preferred one refuses`() async throws {
        let house = try await ShippingHouse([PostOffice("kd"), PostOffice("17")])
        house.posts[0].subscribing { _, _ in .refused("no") }
        try await house.ship("1-a")
        try await house.wait(ShippingHouse.minute)
        #expect(try await house.watches("1-a").map(\.state) == [.taken, .refused])
    }

    @Test func `a service that is dark for four hours is asked seldom and follows the parcel in the end`() async throws {
        let house = try await ShippingHouse([PostOffice("kd")])
        let light = house.now + ShippingHouse.hour + ShippingHouse.hour + ShippingHouse.hour + ShippingHouse.hour
        let time = house.world.time
        house.posts[0].subscribing { _, _ in time.now() < light ? .later("no answer", after: nil) : .taken }
        try await house.ship("1-a")
        for _ in 0..<4 { try await house.wait(ShippingHouse.hour) }
        #expect((5...10).contains(house.posts[0].subscriptions("N1")))
        for _ in 0..<6 { try await house.wait(ShippingHouse.hour) }
        #expect(try await house.watches("1-a").first?.state == .taken)
        #expect(try await house.notices() == [])
    }

    @Test func `a service that is dark for long does not keep the next from following`() async throws {
        let house = try await ShippingHouse([PostOffice("kd"), PostOffice("17")])
        house.posts[0].subscribing { _, _ in .later("no answer", after: nil) }
        try await house.ship("1-a")
        try await house.wait(ShippingHouse.hour)
        #expect(try await house.watches("1-a").map(\.state) == [.taken, .later])
    }

    @Test func `a service's own wait is kept to`() async throws {
        let house = try await ShippingHouse([PostOffice("kd")])
        house.posts[0].subscribing { _, before in before == 0 ? .later("slow down", after: .seconds(7_200)) : .taken }
        try await house.ship("1-a")
        try await house.wait(.seconds(7_199))
        #expect(house.posts[0].subscriptions("N1") == 1)
        try await house.wait(.seconds(2))
        #expect(house.posts[0].subscriptions("N1") == 2)
    }

    @Test func `a carrier nobody understands is told to people, and understood when it is written anew`() async throws {
        let house = try await ShippingHouse([PostOffice("kd")])
        try await house.ship("1-a", carrier: "隔壁老王")
        try await house.wait(ShippingHouse.hour)
        #expect(try await house.notices() == [.unknownCarrier])
        #expect(house.posts[0].subscriptions("N1") == 0)
        try await house.clerk.hear(house.report([(house.now, .pickedUp)]), from: "kd")
        #expect(try await house.parcel("1-a")?.carrier == ShippingHouse.sf)
    }

    @Test func `a push before the booking is refused until the parcel is booked`() async throws {
        let house = try await ShippingHouse([PostOffice("kd")])
        let way = house.report([(house.now, .pickedUp)])
        await #expect(throws: StoreError.self) { try await house.clerk.hear(way, from: "kd") }
        try await house.ship("1-a")
        try await house.clerk.hear(way, from: "kd")
        // The push proves that the service follows it already.
        try await house.wait(ShippingHouse.hour)
        #expect(house.posts[0].subscriptions("N1") == 0)
        #expect(try await house.parcel("1-a")?.phase == .pickedUp)
    }

    @Test func `a parcel is followed after its carrier was corrected, by whoever follows the new one`() async throws {
        let house = try await ShippingHouse([PostOffice("kd", carriers: ["sf", "zto"]), PostOffice("zto-own", carriers: ["zto"])])
        try await house.ship("1-a")
        try await house.wait(ShippingHouse.hour)
        try await house.clerk.hear(house.report([], watch: .otherCarrier(CarrierID("zto")!)), from: "kd")
        try await house.wait(ShippingHouse.hour)
        #expect(try await house.parcel("1-a")?.carrier?.text == "zto")
        #expect(house.posts.map { $0.subscriptions("N1") } == [1, 0])
        #expect(try await house.notices() == [.carrier])
    }
}
