@testable import ChannelAdapters
import ChannelSimulators
import Commerce
import TestKit
import Testing

@Suite struct Kuaidi100ReceiverTests {
    private let now = Timestamp(milliseconds: 1_796_090_400_000)

    private func receiver(salts: [String] = ["one-salt", "two-salt"]) throws -> any CallbackReceiver {
        let account = GatewayAccount(
            id: try #require(ChannelID("kd")), kind: .kuaidi100, settings: [:],
            secrets: ["key": [Secret("k")], "salts": salts.map { Secret($0) }], callbackURL: "https://heyi.test/kd")
        let gateway = try Gateway(account, transport: GatewayNetwork([:]), surroundings: .still())
        return try #require(gateway.callbacks)
    }

    private func push(_ param: String, salt: String = "one-salt") -> GatewayCallback {
        GatewayCallback(body: FormEscaping.form([("sign", Kuaidi100Receiver.sign(param, salt: salt)), ("param", param)]))
    }

    private func reports(_ param: String) throws -> [TrackingReport] {
        let receiver = try receiver()
        let callback = push(param)
        guard case .keep = try receiver.verify(callback, at: now) else { return [] }
        return try receiver.read(callback.body).compactMap { if case .parcel(let report) = $0 { report } else { nil } }
    }

    private let moved = """
        {"status":"polling","billstatus":"got","message":"","autoCheck":"0","comOld":"","comNew":"","lastResult":{"message":"ok",\
        "state":"0","ischeck":"0","com":"zhongtong","nu":"78123456789012","data":[{"time":"2026-12-01 10:00:00","ftime":"2026-12-01 10:00:00",\
        "context":"到达【杭州】","statusCode":"1001","areaName":"浙江,杭州"},{"ftime":"2026-11-30 09:00:00","context":"已揽收","statusCode":"103"}]}}
        """

    @Test func `every salt in force verifies, and one that was taken away no longer does`() throws {
        let both = try receiver()
        for salt in ["one-salt", "two-salt"] { _ = try both.verify(push(moved, salt: salt), at: now) }
        let one = try receiver(salts: ["two-salt"])
        #expect(throws: CallbackFault.forged(reason: "no salt fits")) { try one.verify(push(moved), at: now) }
    }

    @Test func `a push is read whole, its times being Beijing's`() throws {
        let report = try #require(try reports(moved).first)
        #expect(report.carrier.text == "zto")
        #expect(report.watch == .goesOn)
        #expect(report.events.map(\.phase) == [.inTransit, .pickedUp])
        #expect(report.events[0].at == now)
        #expect(report.events[0].place == "浙江,杭州")
        #expect(report.events[0].code == "1001")
    }

    @Test func `a push without a sign, or with a sign cut short or of another text, is refused`() throws {
        let receiver = try receiver()
        let sign = Kuaidi100Receiver.sign(moved, salt: "one-salt")
        let others = [Kuaidi100Receiver.sign(moved + " ", salt: "one-salt"), Kuaidi100Receiver.sign(moved, salt: "")]
        for forged in ["", String(sign.dropLast()), sign.lowercased()] + others {
            #expect(throws: CallbackFault.self, "\(forged)") {
                try receiver.verify(GatewayCallback(body: FormEscaping.form([("sign", forged), ("param", moved)])), at: now)
            }
        }
        #expect(throws: CallbackFault.forged(reason: "it is not signed: its subscription gave no salt")) {
            try receiver.verify(GatewayCallback(body: FormEscaping.form([("param", moved)])), at: now)
        }
    }

    @Test func `what is no form, or has a field twice, is malformed and no more`() throws {
        let receiver = try receiver()
        let sign = Kuaidi100Receiver.sign(moved, salt: "one-salt")
        let good = String(decoding: FormEscaping.form([("sign", sign), ("param", moved)]), as: UTF8.self)
        let bodies: [[UInt8]] = [
            [], Array("sign=\(sign)".utf8), Array((good + "&param=x").utf8), Array((good + "&sign=\(sign)").utf8), Array("param=%".utf8),
            Array("param=%zz".utf8), [0xFF, 0xFE], Array("param=".utf8) + [0xC0, 0xAF], Array(String(repeating: "a=1&", count: 100).utf8),
            Array(String(repeating: "&", count: 100_000).utf8),
        ]
        for body in bodies {
            #expect {
                _ = try receiver.verify(GatewayCallback(body: body), at: now)
            } throws: { error in
                if case .malformed? = error as? CallbackFault { true } else { false }
            }
        }
    }

    @Test(arguments: [
        "[]", "null", "{}", "1", #"{"status":"polling"}"#, #"{"status":"polling","lastResult":[]}"#, #"{"status":"polling","lastResult":{"nu":""}}"#,
        #"{"status":"polling","lastResult":{"nu":"../../etc"}}"#, #"{"status":{},"lastResult":{"nu":"12345678","com":"zhongtong"}}"#,
        #"{"status":"polling","status":"abort","lastResult":{"nu":"12345678"}}"#, #"{"status":"polling","lastResult":{"nu":"12345678","data":[{}]}}"#,
        #"{"status":"polling","lastResult":{"nu":"12345678","data":[{"ftime":"yesterday"}]}}"#, "not json", "{\"status\":\"polling\"",
    ])
    func `a genuine push that cannot be read is kept for a person and never read as something`(param: String) throws {
        let receiver = try receiver()
        let callback = push(param)
        guard case .keep(let key) = try receiver.verify(callback, at: now) else {
            Issue.record("not kept")
            return
        }
        #expect(key.hasPrefix("unread."))
        #expect(throws: ValidationFailure.self) { try receiver.read(callback.body) }
    }

    @Test func `more events than any parcel has are refused, and long words are cut`() throws {
        func param(_ count: Int, length: Int) -> String {
            let node = #"{"ftime":"2026-12-01 10:00:00","context":"\#(String(repeating: "长", count: length))\u0000","statusCode":"0"}"#
            let nodes = Array(repeating: node, count: count).joined(separator: ",")
            return #"{"status":"polling","lastResult":{"com":"zhongtong","nu":"78123456789012","data":[\#(nodes)]}}"#
        }
        #expect(try reports(param(1, length: 5_000)).first?.events.first?.text.count == 500)
        let receiver = try receiver()
        #expect(throws: ValidationFailure.self) { try receiver.read(push(param(1_001, length: 1)).body) }
    }

    @Test func `the same push has the same name, and one that differs in anything another`() throws {
        let receiver = try receiver()
        let first = try receiver.verify(push(moved), at: now)
        #expect(try receiver.verify(push(moved), at: now + .seconds(9_999)) == first)
        #expect(try receiver.verify(push(moved.replacing("到达", with: "离开")), at: now) != first)
        #expect(try receiver.verify(push(moved.replacing("polling", with: "shutdown")), at: now) != first)
    }

    @Test func `answers are the platform's own bytes`() throws {
        let receiver = try receiver()
        let good = receiver.answer(.kept, at: now)
        #expect(good.status == 200)
        #expect(String(decoding: good.body, as: UTF8.self) == #"{"result":true,"returnCode":"200","message":"成功"}"#)
        #expect(receiver.answer(.quarantined, at: now) == good)
        for verdict in [CallbackVerdict.unavailable, .refused(.forged(reason: "")), .refused(.malformed(field: "", reason: ""))] {
            let bad = receiver.answer(verdict, at: now)
            #expect(bad.status >= 400)
            #expect(String(decoding: bad.body, as: UTF8.self) == #"{"result":false,"returnCode":"500","message":"失败"}"#)
        }
    }

    @Test(arguments: ["3天查询无记录", "60天无变化"])
    func `an abort gives the watch up and fails no delivery`(message: String) throws {
        let report = try #require(
            try reports(
                #"{"status":"abort","message":"\#(message)","autoCheck":"0","lastResult":{"com":"zhongtong","nu":"78123456789012","state":"0","data":[]}}"#
            ).first)
        #expect(report.watch == .gaveUp(message))
        #expect(report.events.isEmpty)
    }

    @Test func `a corrected carrier is told to the old parcel, and events go to the new`() throws {
        let nodes = #"[{"ftime":"2026-12-01 10:00:00","context":"x","statusCode":"0"}]"#
        let old = try reports(
            """
            {"status":"abort","message":"3天查询无记录","autoCheck":"1","comOld":"yuantong","comNew":"ems",\
            "lastResult":{"com":"yuantong","nu":"12345678","data":[]}}
            """)
        #expect(old.map(\.carrier.text) == ["yto"])
        #expect(old.first?.watch == .otherCarrier(try #require(CarrierID("ems"))))
        let new = try reports(
            """
            {"status":"polling","autoCheck":"1","comOld":"yuantong","comNew":"ems",\
            "lastResult":{"com":"ems","nu":"12345678","state":"0","data":\(nodes)}}
            """)
        #expect(new.map(\.carrier.text) == ["yto", "ems"])
        #expect(new.map(\.events.count) == [0, 1])
        #expect(new.last?.watch == .goesOn)
    }

    @Test func `a parcel that goes abroad has the events of both carriers`() throws {
        let report = try #require(
            try reports(
                """
                {"status":"polling","lastResult":{"com":"ems","nu":"EA123456785CN","state":"0","data":[{"ftime":"2026-11-29 10:00:00",\
                "context":"互封开拆","statusCode":"12"}]},"destResult":{"com":"usps","nu":"","state":"3",\
                "data":[{"ftime":"2026-12-01 10:00:00","context":"Delivered"}]}}
                """
            ).first)
        #expect(report.carrier.text == "ems")
        #expect(report.events.map(\.phase) == [.customs, .delivered])
    }

    @Test func `codes nobody published stay as they came and end nothing`() throws {
        let report = try #require(
            try reports(
                """
                {"status":"somethingnew","lastResult":{"com":"newexpress","nu":"12345678","state":"999",\
                "data":[{"ftime":"2026-12-01 10:00:00","context":"签收","statusCode":"777"},\
                {"ftime":"2026-12-01 09:00:00","context":"已签收","status":"没见过"}]}}
                """
            ).first)
        #expect(report.carrier.text == "newexpress")
        #expect(report.events.map(\.phase) == [.inTransit, .inTransit])
        #expect(report.events.map(\.code) == ["777", "没见过"])
        #expect(report.watch == .goesOn)
    }
}
