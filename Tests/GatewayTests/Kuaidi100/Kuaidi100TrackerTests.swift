import ChannelAdapters
import ChannelSimulators
import Commerce
import TestKit
import Testing

@Suite struct Kuaidi100TrackerTests {
    private func parcel(_ carrier: String = "zto", _ number: String = "78123456789012", phone: String? = nil) throws -> TrackedParcel {
        TrackedParcel(carrier: try #require(CarrierID(carrier)), number: number, phoneTail: phone)
    }

    @Test func `a parcel that is subscribed to already is subscribed to`() async throws {
        let world = try TrackerWorld(.kuaidi100)
        let tracker = try #require(world.gateway.parcels)
        #expect(await tracker.subscribe(try parcel()) == .taken)
        #expect(await tracker.subscribe(try parcel()) == .taken)
        let books = try world.control("books", [:])
        #expect(books["parcels"]?.array?.first?["times_subscribed"]?.integer == 2)
    }

    @Test func `what was given up is not subscribed to again for half an hour, and then it is`() async throws {
        let world = try TrackerWorld(.kuaidi100)
        let tracker = try #require(world.gateway.parcels)
        _ = await tracker.subscribe(try parcel())
        try world.control("abort", ["number": "78123456789012"])
        await world.run(for: .seconds(1))
        #expect(try world.reports().first?.watch == .gaveUp("3天查询无记录"))
        #expect(await tracker.subscribe(try parcel()) == .later("its last subscription ended less than half an hour ago", after: .seconds(1_800)))
        world.time.advance(by: .seconds(1_800))
        #expect(await tracker.subscribe(try parcel()) == .taken)
        try world.control("move", ["number": "78123456789012"])
        await world.run(for: .seconds(1))
        #expect(try world.events(of: "78123456789012").count == 1)
    }

    @Test func `a parcel that another carrier has is followed under its new name at once`() async throws {
        let world = try TrackerWorld(.kuaidi100)
        let tracker = try #require(world.gateway.parcels)
        _ = await tracker.subscribe(try parcel("yto"))
        try world.control("correct", ["number": "78123456789012", "to": "zhongtong"])
        try world.control("move", ["number": "78123456789012"])
        await world.run(for: .seconds(1))
        #expect(try world.reports().contains { $0.watch == .otherCarrier(try #require(CarrierID("zto"))) && $0.carrier.text == "yto" })
        #expect(try world.reports().contains { $0.carrier.text == "zto" && $0.events.count == 1 })
        #expect(await tracker.subscribe(try parcel("zto")) == .taken)
    }

    @Test func `a wrong key and a carrier it does not serve are refused for good`() async throws {
        let world = try TrackerWorld(.kuaidi100)
        let other = try TrackerWorld.withOtherKey(.kuaidi100, beside: world.simulator)
        #expect(await other.parcels?.track(try parcel()) == .refused("503: 验证签名失败"))
        let tracker = try #require(world.gateway.parcels)
        #expect(await tracker.subscribe(try parcel("aramex")) == .refused("702: 不支持此快递公司"))
        #expect(await tracker.track(try parcel()) == .nothing)
    }

    @Test func `SF's parcels are found with the end of a phone number and not without`() async throws {
        let world = try TrackerWorld(.kuaidi100, settings: ["query_interval_minutes": "0"])
        let tracker = try #require(world.gateway.parcels)
        try world.control("announce", ["number": "SF1234567890123", "carrier": "shunfeng", "phone": "1234"])
        try world.control("move", ["number": "SF1234567890123"])
        guard case .refused = await tracker.track(try parcel("sf", "SF1234567890123")),
            case .report(let report) = await tracker.track(try parcel("sf", "SF1234567890123", phone: "1234"))
        else {
            Issue.record("found without, or not found with it")
            return
        }
        #expect(report.events.count == 1)
    }

    @Test func `codes of carriers may be said otherwise, and settings that cannot be are refused by name`() throws {
        let world = try TrackerWorld(.kuaidi100, settings: ["carrier_codes": "aramex=aramexnew, mine=my-express"])
        #expect(world.gateway.parcels?.follows(try #require(CarrierID("mine"))) == true)
        for (name, value) in [("carrier_codes", "nonsense"), ("query_interval_minutes", "often")] {
            #expect(throws: GatewayFault.self) { _ = try TrackerWorld(.kuaidi100, settings: [name: value]) }
        }
        let account = GatewayAccount(
            id: try #require(ChannelID("kd")), kind: .kuaidi100, settings: [:], secrets: ["key": [Secret("k")]], callbackURL: "https://heyi.test")
        #expect {
            _ = try Gateway(account, transport: GatewayNetwork([:]), surroundings: .still())
        } throws: { ($0 as? GatewayFault)?.field == "salts" }
    }
}
