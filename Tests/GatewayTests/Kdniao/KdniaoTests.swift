@testable import ChannelAdapters
import ChannelSimulators
import Commerce
import TestKit
import Testing

@Suite struct KdniaoTests {
    private let now = Timestamp(milliseconds: 1_796_090_400_000)

    private func receiver(keys: [String] = ["APPKEY-0001", "APPKEY-0002"]) throws -> any CallbackReceiver {
        let account = GatewayAccount(
            id: try #require(ChannelID("kdn")), kind: .kdniao, settings: ["ebusiness_id": "1260001"],
            secrets: ["app_keys": keys.map { Secret($0) }])
        let gateway = try Gateway(account, transport: GatewayNetwork([:]), surroundings: .still())
        return try #require(gateway.callbacks)
    }

    private func push(_ data: String, key: String = "APPKEY-0001", type: String = "101", sign: String? = nil) -> GatewayCallback {
        GatewayCallback(
            body: FormEscaping.form([("RequestData", data), ("RequestType", type), ("DataSign", sign ?? KdniaoAccount.sign(data, key: key))]))
    }

    private func data(_ parcels: String, merchant: String = "1260001") -> String {
        #"{"EBusinessID":"\#(merchant)","PushTime":"2026-12-01 10:00:00","Count":"1","Data":\#(parcels)}"#
    }

    private let moved = """
        [{"ShipperCode":"YTO","LogisticCode":"YT0000000000001","OrderCode":"A-1","CallBack":"","Success":true,"Reason":"","State":"2","StateEx":"202",\
        "Traces":[{"AcceptTime":"2026-11-30 09:00:00","AcceptStation":"已揽收","Location":"深圳","Action":"1"},\
        {"AcceptTime":"2026-12-01 10:00:00","AcceptStation":"派件中 100% & 更多","Location":"杭州"}]}]
        """

    private func isMalformed(_ error: any Error) -> Bool { if case .malformed? = error as? CallbackFault { true } else { false } }

    @Test func `a request is signed as the vector says, and as others compute it`() throws {
        let text = #"{"ShipperCode":"YTO","LogisticCode":"YT0000000000001","OrderCode":"A-1"}"#
        #expect(KdniaoAccount.sign(text, key: "APPKEY-0001") == "ZTdmMTAzYzQ1NWZjOGJkOGNhMGFhYTUyYTFiMmRhNDc=")
        for (text, key) in [(text, "APPKEY-0001"), (data(moved), "钥匙 &+="), ("", "")] {
            #expect(try PythonDigests.compute("kdniao", text, key) == KdniaoAccount.sign(text, key: key))
        }
    }

    @Test func `a push is read by its codes, or by its finer state where the newest event has none`() throws {
        let receiver = try receiver()
        let callback = push(data(moved))
        guard case .keep = try receiver.verify(callback, at: now), case .parcel(let report) = try receiver.read(callback.body).first else {
            Issue.record("nothing read")
            return
        }
        #expect(report.carrier.text == "yto")
        #expect(report.events.map(\.phase) == [.pickedUp, .outForDelivery])
        #expect(report.events.last?.at == now)
        #expect(report.events.last?.code == "")
    }

    @Test func `both kinds of push are taken under every key in force, and no other kind`() throws {
        let receiver = try receiver()
        for key in ["APPKEY-0001", "APPKEY-0002"] {
            for type in ["101", "107"] { _ = try receiver.verify(push(data(moved), key: key, type: type), at: now) }
        }
        #expect(throws: CallbackFault.self) { try receiver.verify(push(data(moved), type: "1002"), at: now) }
        #expect(throws: CallbackFault.forged(reason: "no key fits")) { try receiver.verify(push(data(moved), key: "APPKEY-0003"), at: now) }
    }

    @Test func `a signature cut short, of the bytes instead of their text, in capitals or of other data is refused`() throws {
        let receiver = try receiver()
        let text = data(moved)
        let digest = WireDigest.md5(text + "APPKEY-0001")
        let right = KdniaoAccount.sign(text, key: "APPKEY-0001")
        let wrong = [
            String(right.dropLast(4)), WireDigest.base64(digest), WireDigest.base64(Array(WireDigest.hex(digest).uppercased().utf8)),
            KdniaoAccount.sign(text + " ", key: "APPKEY-0001"), right.replacing("=", with: ""),
        ]
        for sign in wrong {
            #expect(throws: CallbackFault.forged(reason: "no key fits"), "\(sign)") { try receiver.verify(push(text, sign: sign), at: now) }
        }
    }

    @Test func `a push to another merchant is genuine and not ours`() throws {
        #expect(throws: CallbackFault.foreign(field: "EBusinessID", value: "999")) {
            try receiver().verify(push(data(moved, merchant: "999")), at: now)
        }
    }

    @Test func `a field that is missing, doubled or wrongly escaped is malformed`() throws {
        let receiver = try receiver()
        let good = push(data(moved)).body
        let bodies: [[UInt8]] = [
            [], good + Array("&RequestData=x".utf8), good + Array("&DataSign=x".utf8), good + Array("&x=%f".utf8), good + [0x26, 0xFF],
            FormEscaping.form([("RequestType", "101"), ("DataSign", "x")]), FormEscaping.form([("RequestType", "101"), ("RequestData", "{}")]),
        ]
        for body in bodies {
            #expect { _ = try receiver.verify(GatewayCallback(body: body), at: now) } throws: { isMalformed($0) }
        }
    }

    @Test(arguments: [
        "[]", "null", "1", "{}", #"{"Data":{}}"#, #"{"Data":[{}]}"#, #"{"Data":[1]}"#, #"{"Data":[{"LogisticCode":{}}]}"#,
        #"{"Data":[{"LogisticCode":"12345678","Traces":[{"AcceptTime":5}]}]}"#, #"{"Data":[{"LogisticCode":"1234 5678"}]}"#, "{", "\u{FEFF}{}",
    ])
    func `a genuine push that cannot be read is kept for a person`(data: String) throws {
        let receiver = try receiver()
        let callback = push(data)
        guard case .keep = try receiver.verify(callback, at: now) else {
            Issue.record("not kept")
            return
        }
        #expect(throws: ValidationFailure.self) { try receiver.read(callback.body) }
    }

    @Test func `many parcels in one push are many reports`() throws {
        let parcels = (0..<100).map { #"{"ShipperCode":"ZTO","LogisticCode":"7800000000\#(1_000 + $0)","Success":"true","State":2,"Traces":[]}"# }
        let callback = push(data("[\(parcels.joined(separator: ","))]"))
        let news = try receiver().read(callback.body)
        #expect(news.count == 100)
        let tooMany = Array(repeating: parcels[0], count: 201).joined(separator: ",")
        #expect(throws: ValidationFailure.self) { try receiver().read(push(data("[\(tooMany)]")).body) }
        #expect(try receiver().read(push(data("[]")).body) == [.nothing("a push without parcels")])
    }

    @Test func `a parcel without success is given up with its reason, and with what is known`() throws {
        let text = moved.replacing("\"Success\":true,\"Reason\":\"\"", with: "\"Success\":false,\"Reason\":\"三天无轨迹\"")
        guard case .parcel(let report) = try receiver().read(push(data(text)).body).first else {
            Issue.record("nothing read")
            return
        }
        #expect(report.watch == .gaveUp("三天无轨迹"))
        #expect(report.events.count == 2)
    }

    @Test func `codes nobody published stay as they came and end nothing`() throws {
        let text = """
            [{"ShipperCode":"NEWX","LogisticCode":"12345678","Success":true,"State":"77",\
            "Traces":[{"AcceptTime":"2026-12-01 10:00:00","AcceptStation":"已签收","Action":"888"}]}]
            """
        guard case .parcel(let report) = try receiver().read(push(data(text)).body).first else {
            Issue.record("nothing read")
            return
        }
        #expect(report.carrier.text == "newx")
        #expect(report.events.map(\.phase) == [.inTransit])
        #expect(report.events.map(\.code) == ["888"])
    }

    @Test func `answers are the platform's own bytes, always with status 200`() throws {
        let receiver = try receiver()
        let good = receiver.answer(.kept, at: now)
        #expect(
            String(decoding: good.body, as: UTF8.self)
                == #"{"EBusinessID":"1260001","UpdateTime":"2026-12-01 10:00:00","Success":true,"Reason":""}"#)
        let bad = receiver.answer(.refused(.forged(reason: "why")), at: now)
        #expect(good.status == 200 && bad.status == 200)
        #expect(String(decoding: bad.body, as: UTF8.self).contains(#""Success":false,"Reason":"refused""#))
        #expect(String(decoding: receiver.answer(.unavailable, at: now).body, as: UTF8.self).contains(#""Success":false"#))
    }

    @Test func `only SF is given the end of a phone number as a customer's name`() throws {
        let sf = TrackedParcel(carrier: try #require(CarrierID("sf")), number: "SF1234567890123", phoneTail: "1234")
        let jd = TrackedParcel(carrier: try #require(CarrierID("jd")), number: "JDVA12345678901", phoneTail: "1234")
        #expect(KdniaoTracker.request("SF", sf).contains(#""CustomerName":"1234""#))
        #expect(!KdniaoTracker.request("JD", jd).contains("1234\""))
    }

    @Test(arguments: [("101", false), ("102", false), ("103", false), ("104", false), ("105", true), ("401", false), ("404", false), ("405", true)])
    func `a code says whether the same may be asked again`(code: String, isForLater: Bool) throws {
        let answer = ReportedValue(["Success": false, "ResultCode": .string(code), "Reason": "words"])
        #expect(KdniaoTracker.failure(answer).isForLater == isForLater)
        #expect(KdniaoTracker.failure(answer).reason == "\(code): words")
    }

    @Test func `several parcels that move at once are told in one push`() async throws {
        let world = try TrackerWorld(.kdniao)
        let tracker = try #require(world.gateway.parcels)
        let zto = try #require(CarrierID("zto"))
        let numbers = (1...5).map { "7812345678900\($0)" }
        for number in numbers { #expect(await tracker.subscribe(TrackedParcel(carrier: zto, number: number)) == .taken) }
        try world.control("batch", ["numbers": .array(numbers.map { .string($0) })])
        await world.run()
        #expect(world.kept.count == 1)
        #expect(Set(try world.reports().map(\.number)) == Set(numbers))
    }
}
