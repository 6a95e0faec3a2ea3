@testable import ChannelAdapters
import ChannelSimulators
import Commerce
import TestKit
import Testing

@Suite struct SeventeenTrackTests {
    private let now = Timestamp(milliseconds: 1_796_090_400_000)

    private func receiver(keys: [String] = ["SECRETKEY", "OTHERKEY"]) throws -> any CallbackReceiver {
        let account = GatewayAccount(
            id: try #require(ChannelID("t17")), kind: .seventeenTrack, settings: [:], secrets: ["keys": keys.map { Secret($0) }])
        let gateway = try Gateway(account, transport: GatewayNetwork([:]), surroundings: .still())
        return try #require(gateway.callbacks)
    }

    private func push(_ text: String, key: String = "SECRETKEY") -> GatewayCallback {
        GatewayCallback(headers: [("sign", SeventeenTrackAccount.sign(Array(text.utf8), key: key))], body: Array(text.utf8))
    }

    private func update(_ info: String, carrier: String = "190455", event: String = "TRACKING_UPDATED") -> String {
        #"{"event":"\#(event)","data":{"number":"78123456789012","carrier":\#(carrier),"tag":"","track_info":\#(info)}}"#
    }

    private func tracked(_ status: String, _ finer: String, events: String) -> String {
        """
        {"latest_status":{"status":"\(status)","sub_status":"\(finer)"},\
        "tracking":{"providers":[{"provider":{"key":190455},"events":[\(events)]}]}}
        """
    }

    private func reports(_ text: String) throws -> [TrackingReport] {
        let receiver = try receiver()
        let callback = push(text)
        guard case .keep = try receiver.verify(callback, at: now) else { return [] }
        return try receiver.read(callback.body).compactMap { if case .parcel(let report) = $0 { report } else { nil } }
    }

    @Test func `a webhook is signed as the vector says, and as others compute it`() throws {
        let body = #"{"event":"TRACKING_UPDATED","data":{"number":"RR123456789CN"}}"#
        let sign = SeventeenTrackAccount.sign(Array(body.utf8), key: "SECRETKEY")
        #expect(sign == "9c27d76ef0fa0f829a36d98cf884539f48fba49143f6df5d45929405180871ee")
        #expect(try PythonDigests.compute("17track", body, "SECRETKEY") == sign)
    }

    @Test func `a signature that is missing, doubled, cut short or of other bytes is refused`() throws {
        let receiver = try receiver()
        let text = update(tracked("InTransit", "", events: ""))
        let sign = SeventeenTrackAccount.sign(Array(text.utf8), key: "SECRETKEY")
        let headers: [[(name: String, value: String)]] = [
            [], [("sign", "")], [("sign", sign), ("sign", sign)], [("sign", String(sign.dropLast()))],
            [("sign", SeventeenTrackAccount.sign(Array((text + " ").utf8), key: "SECRETKEY"))],
            [("sign", SeventeenTrackAccount.sign([], key: "SECRETKEY"))],
            [("signature", sign)],
        ]
        for header in headers {
            #expect(throws: CallbackFault.self) { try receiver.verify(GatewayCallback(headers: header, body: Array(text.utf8)), at: now) }
        }
        #expect(throws: CallbackFault.self) { try receiver.verify(GatewayCallback(headers: [("sign", sign)], body: []), at: now) }
        _ = try receiver.verify(push(text, key: "OTHERKEY"), at: now)
        #expect(throws: CallbackFault.forged(reason: "no key fits")) { try receiver.verify(push(text, key: "THIRDKEY"), at: now) }
    }

    @Test func `a parcel is its number and its carrier, and its times are of their zones`() throws {
        let event = """
            {"time_iso":"2026-12-01T03:00:00+01:00","time_utc":"2026-12-01T02:00:00Z","description":"Arrived","location":"Berlin",\
            "stage":"Arrival","sub_status":"InTransit_Arrival"}
            """
        let own = try #require(try reports(update(tracked("InTransit", "InTransit_Arrival", events: event))).first)
        #expect(own.carrier.text == "zto")
        #expect(own.events.map(\.at) == [now])
        let other = try #require(try reports(update(tracked("InTransit", "InTransit_Arrival", events: event), carrier: "999999")).first)
        #expect(other.carrier.text == "track17-999999")
        let none = try #require(try reports(update(tracked("NotFound", "NotFound_Other", events: ""), carrier: "0")).first)
        #expect(none.events.isEmpty)
    }

    @Test(arguments: [
        ("InTransit_PickedUp", ParcelPhase.pickedUp), ("InTransit_CustomsProcessing", .customs), ("InTransit_Other", .inTransit),
        ("OutForDelivery_Other", .outForDelivery), ("AvailableForPickup_Other", .awaitingPickUp), ("Delivered_Other", .delivered),
        ("DeliveryFailure_NoBody", .exception), ("Exception_Damage", .exception), ("Exception_Returning", .returning),
        ("Exception_Returned", .returned), ("InfoReceived", .announced), ("Expired_Other", .expired), ("Whatever_New", .inTransit),
        ("InTransit_SomethingNew", .inTransit), ("Delivered_SomethingNew", .delivered),
    ])
    func `each status has its phase, and an unknown one ends nothing`(finer: String, phase: ParcelPhase) throws {
        let event = #"{"time_utc":"2026-12-01T02:00:00Z","description":"x","stage":null,"sub_status":"\#(finer)"}"#
        let report = try #require(try reports(update(tracked("InTransit", "", events: event))).first)
        #expect(report.events.map(\.phase) == [phase])
        #expect(report.events.map(\.code) == [finer])
    }

    @Test func `events without a code have the parcel's phase if they are the newest`() throws {
        let events = #"{"time_utc":"2026-12-01T02:00:00Z","description":"b"},{"time_utc":"2026-11-30T02:00:00Z","description":"a delivered"}"#
        let report = try #require(try reports(update(tracked("OutForDelivery", "", events: events))).first)
        #expect(report.events.map(\.phase) == [.outForDelivery, .inTransit])
    }

    @Test func `a tracking that stopped has ended if the parcel arrived, and was given up if not`() throws {
        let stopped = "TRACKING_STOPPED"
        #expect(try reports(update(tracked("Delivered", "", events: ""), event: stopped)).first?.watch == .ended)
        #expect(try reports(update(tracked("InTransit", "", events: ""), event: stopped)).first?.watch == .gaveUp(stopped))
        let callback = push(#"{"event":"SOMETHING_NEW","data":{}}"#)
        #expect(try receiver().read(callback.body) == [.nothing("event SOMETHING_NEW")])
    }

    @Test(arguments: [
        "x", "[]", #"{"event":"TRACKING_UPDATED"}"#, #"{"event":"TRACKING_UPDATED","data":{"number":{}}}"#,
        #"{"event":"TRACKING_UPDATED","data":{"number":"12345678","carrier":"x"}}"#, #"{"event":"TRACKING_UPDATED","data":{"number":"12345678","carrier":-1}}"#,
        #"{"event":"TRACKING_UPDATED","data":{"number":"12345678","carrier":1,"track_info":{"latest_event":{"time_iso":"2026-12-01T10:00:00"}}}}"#,
    ])
    func `a genuine webhook that cannot be read is kept for a person`(text: String) throws {
        let receiver = try receiver()
        guard case .keep = try receiver.verify(push(text), at: now) else {
            Issue.record("not kept")
            return
        }
        #expect(throws: ValidationFailure.self) { try receiver.read(Array(text.utf8)) }
    }

    @Test func `a number registered with another carrier is moved to the one it was given to`() async throws {
        let transport = CannedAnswers([
            #"{"code":0,"data":{"accepted":[{"origin":1,"number":"78123456789012","carrier":3011}],"rejected":[]}}"#,
            #"{"code":0,"data":{"accepted":[{"number":"78123456789012","carrier":190455}],"rejected":[]}}"#,
        ])
        let id = try #require(ChannelID("t17"))
        let account = SeventeenTrackSimulator.account(id, callbackURL: "https://heyi.test")
        let gateway = try Gateway(account, transport: transport, surroundings: .still())
        let parcel = TrackedParcel(carrier: try #require(CarrierID("zto")), number: "78123456789012")
        #expect(await gateway.parcels?.subscribe(parcel) == .taken)
        #expect(transport.targets == ["/track/v2.2/register", "/track/v2.2/changecarrier"])
        #expect(try JSON.parse(transport.bodies[1]) == [["number": "78123456789012", "carrier_old": 3_011, "carrier_new": 190_455]])
    }

    private static func rejected(_ code: Int) -> String {
        #"{"code":0,"data":{"accepted":[],"rejected":[{"number":"78123456789012","error":{"code":\#(code),"message":"m"}}]}}"#
    }

    @Test(arguments: [
        (SeventeenTrackTests.rejected(-18_019_901), Subscription.taken),
        (SeventeenTrackTests.rejected(-18_019_908), .later("-18019908: m", after: .seconds(3_600))),
        (SeventeenTrackTests.rejected(-18_019_903), .refused("-18019903: m")),
        (#"{"code":0,"data":{"accepted":[{"number":"999999999"}],"rejected":[]}}"#, .later("the answer does not name the parcel", after: nil)),
        (#"{"code":-18010003,"data":{}}"#, .later("code -18010003", after: nil)),
        (#"{"code":-18010002,"data":{"errors":[{"code":-18010002,"message":"Invalid"}]}}"#, .refused("-18010002: Invalid")),
        (#"{"data":{}}"#, .refused(": ")),
    ])
    func `what became of the one parcel is read out of a list that was taken in part`(answer: String, outcome: Subscription) async throws {
        let id = try #require(ChannelID("t17"))
        let account = SeventeenTrackSimulator.account(id, callbackURL: "https://heyi.test")
        let gateway = try Gateway(account, transport: CannedAnswers([answer]), surroundings: .still())
        let parcel = TrackedParcel(carrier: try #require(CarrierID("zto")), number: "78123456789012")
        #expect(await gateway.parcels?.subscribe(parcel) == outcome)
    }

    @Test func `too many requests are told how long to wait`() async throws {
        let world = try TrackerWorld(.seventeenTrack)
        try world.control("dials", ["throttle": 1_000])
        let parcel = TrackedParcel(carrier: try #require(CarrierID("zto")), number: "78123456789012")
        #expect(await world.gateway.parcels?.track(parcel) == .later("status 429", after: .seconds(1)))
    }

    @Test func `a parcel nobody registered is registered when it is asked after`() async throws {
        let world = try TrackerWorld(.seventeenTrack)
        let parcel = TrackedParcel(carrier: try #require(CarrierID("zto")), number: "78123456789012")
        #expect(await world.gateway.parcels?.track(parcel) == .nothing)
        try world.control("move", ["number": "78123456789012"])
        guard case .report = await world.gateway.parcels?.track(parcel) else {
            Issue.record("no report")
            return
        }
    }
}
