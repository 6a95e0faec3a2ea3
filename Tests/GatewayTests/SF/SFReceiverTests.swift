@testable import ChannelAdapters
import ChannelSimulators
import Commerce
import TestKit
import Testing

@Suite struct SFReceiverTests {
    private let now = Timestamp(milliseconds: 1_796_090_400_000)
    private static let tokens = ["abcdefghijklmnopqrstuvwx1", "abcdefghijklmnopqrstuvwx2"]

    private func receiver(isForm: Bool = false, tokens: [String] = SFReceiverTests.tokens) throws -> any CallbackReceiver {
        let account = GatewayAccount(
            id: try #require(ChannelID("sf")), kind: .sf, settings: ["partner_id": "P", "push_mode": isForm ? "form" : "json"],
            secrets: ["checkword": [Secret("c")], "push_tokens": tokens.map { Secret($0) }])
        let gateway = try Gateway(account, transport: GatewayNetwork([:]), surroundings: .still())
        return try #require(gateway.callbacks)
    }

    private func push(_ text: String, token: String = SFReceiverTests.tokens[0]) -> GatewayCallback { GatewayCallback(tail: token, body: Array(text.utf8)) }

    private func form(_ xml: String) -> GatewayCallback {
        GatewayCallback(tail: SFReceiverTests.tokens[0], body: FormEscaping.form([("content", xml)]))
    }

    private func node(_ id: String, _ number: String = "SF1234567890123", code: String = "31") -> String {
        """
        {"id":"\(id)","mailno":"\(number)","orderid":"o","acceptTime":"2026-12-01 10:00:00","acceptAddress":"杭州",\
        "opCode":"\(code)","remark":"到达 \(id)"}
        """
    }

    private func body(_ nodes: [String]) -> String { #"{"Body":{"WaybillRoute":[\#(nodes.joined(separator: ","))]}}"# }

    private let xml = """
        <?xml version='1.0' encoding='UTF-8'?><Request service="RoutePushService" lang="zh-CN"><Body>
        <WaybillRoute id="1" mailno="SF1234567890123" orderid="" acceptTime="2026-12-01 10:00:00" acceptAddress="杭州" remark="到达 &lt;转运&amp;中心&gt;" opCode="31"/>
        <WaybillRoute id="2" mailno="SF1234567890123" acceptTime="2026-12-01 11:00:00" acceptAddress="杭州" remark="已签收" opCode="80"/>
        </Body></Request>
        """

    private func reports(_ callback: GatewayCallback) throws -> [TrackingReport] {
        let receiver = try receiver()
        guard case .keep = try receiver.verify(callback, at: now) else { return [] }
        return try receiver.read(callback.body).compactMap { if case .parcel(let report) = $0 { report } else { nil } }
    }

    private func isMalformed(_ error: any Error) -> Bool { if case .malformed? = error as? CallbackFault { true } else { false } }

    @Test func `JSON and XML tell the same nodes`() throws {
        let report = try #require(try reports(form(xml)).first)
        #expect(report.events.map(\.phase) == [.inTransit, .delivered])
        #expect(report.events[0].text == "到达 <转运&中心>")
        #expect(report.events[0].at == now)
        let json = try #require(try reports(push(body([node("1")]))).first)
        #expect(json.events.map(\.phase) == [.inTransit])
        #expect(try reports(push(xml)) == reports(form(xml)))
    }

    @Test func `nodes of several parcels in one push are a report for each`() throws {
        let reports = try reports(push(body([node("1"), node("2", "SF9999999999999"), node("3")])))
        #expect(reports.map(\.number) == ["SF1234567890123", "SF9999999999999"])
        #expect(reports.map(\.events.count) == [2, 1])
    }

    @Test func `every token in force opens the door, and nothing else does`() throws {
        let receiver = try receiver()
        for token in SFReceiverTests.tokens { _ = try receiver.verify(push(body([node("1")]), token: token), at: now) }
        let first = SFReceiverTests.tokens[0]
        for token in ["", String(first.dropLast()), first + "x", first.uppercased(), "\(first)/", SFReceiverTests.tokens.joined(separator: ",")] {
            #expect(throws: CallbackFault.self, "\(token)") { try receiver.verify(push(body([node("1")]), token: token), at: now) }
        }
        let fewer = try self.receiver(tokens: [SFReceiverTests.tokens[1]])
        #expect(throws: CallbackFault.self) { try fewer.verify(push(body([node("1")])), at: now) }
    }

    @Test(arguments: ["short", "abcdefghijklmnopqrstuvw", "abcdefghijklmnopqrstuv/..", "abcdefghijklmnopqrstuvwxy%"])
    func `a token that could be guessed or is no part of an address is refused`(token: String) {
        #expect(throws: GatewayFault.self) { _ = try receiver(tokens: [token]) }
    }

    @Test func `a batch is named by its nodes, in whatever order they come`() throws {
        let receiver = try receiver()
        let one = try receiver.verify(push(body([node("1"), node("2")])), at: now)
        #expect(try receiver.verify(push(body([node("2"), node("1")])), at: now) == one)
        #expect(try receiver.verify(push(body([node("1"), node("3")])), at: now) != one)
        #expect(try receiver.verify(push(body([node("1")])), at: now) != one)
        #expect(try receiver.verify(push(body([node("12")])), at: now) != receiver.verify(push(body([node("1"), node("2")])), at: now))
    }

    @Test func `documents that declare something, are too deep, too many, too long or no XML are refused`() throws {
        let receiver = try receiver()
        let laughs = (1...9).reduce("<!ENTITY l0 \"ha\">") { text, level in
            text + "<!ENTITY l\(level) \"\(String(repeating: "&l\(level - 1);", count: 10))\">"
        }
        let hostile = [
            "<!DOCTYPE r [\(laughs)]><r>&l9;</r>", "<!DOCTYPE r SYSTEM \"file:///etc/passwd\"><r/>",
            "<!DOCTYPE r [<!ENTITY x SYSTEM \"http://127.0.0.1/\">]><r>&x;</r>", "<r>&undeclared;</r>", "<r><![CDATA[x]]></r>",
            "<!-- c --><r/>", String(repeating: "<a>", count: 10_000),
            String(repeating: "<a>", count: 9) + String(repeating: "</a>", count: 9),
            "<r>" + String(repeating: "<a/>", count: 2_001) + "</r>", "<r>" + String(repeating: "x", count: 1 << 20) + "</r>",
            "<r \((0..<41).map { "a\($0)=\"\"" }.joined(separator: " "))/>", "<r a=\"1\" a=\"2\"/>", "<r>", "</r>", "<r></r><r></r>",
            "<r/>text", "<", "text",
            "<?xml version='1.0' encoding='UTF-16'?>", "<?xml", "\u{0}<r/>", "",
        ]
        for text in hostile {
            #expect("\(text.prefix(60))") { _ = try receiver.verify(form(text), at: now) } throws: { isMalformed($0) }
        }
        let raw: [[UInt8]] = [
            [], [0xFF, 0xFE, 0x3C, 0x00], [0x3C, 0xC0, 0xAF], Array("{".utf8), Array("content=%".utf8), Array("content=a&content=b".utf8),
        ]
        for body in raw {
            #expect { _ = try receiver.verify(GatewayCallback(tail: SFReceiverTests.tokens[0], body: body), at: now) } throws: { isMalformed($0) }
        }
    }

    @Test func `what a document says of its encoding changes nothing`() throws {
        #expect(try reports(form(xml.replacing("UTF-8", with: "ISO-8859-1"))) == reports(form(xml)))
    }

    @Test func `genuine pushes that cannot be read are kept for a person`() throws {
        let receiver = try receiver()
        let unreadable = [
            push("{}"), push(#"{"Body":{"WaybillRoute":[]}}"#), push(#"{"Body":{"WaybillRoute":[{}]}}"#), push(#"{"Body":[]}"#),
            push(body([node("")])), push(body([node("1", "no number")])), push(body([node("1").replacing("10:00:00", with: "soon")])),
            form("<Request/>"), form(xml.replacing("id=\"1\"", with: "")), form(xml.replacing("acceptTime", with: "time")),
        ]
        for callback in unreadable {
            guard case .keep = try receiver.verify(callback, at: now) else {
                Issue.record("not kept")
                continue
            }
            #expect(throws: ValidationFailure.self) { try receiver.read(callback.body) }
        }
    }

    @Test func `answers are the platform's own bytes for each way of pushing`() throws {
        func text(_ isForm: Bool, _ verdict: CallbackVerdict) throws -> String {
            String(decoding: try receiver(isForm: isForm).answer(verdict, at: now).body, as: UTF8.self)
        }
        #expect(try text(false, .kept) == #"{"return_code":"0000","return_msg":"成功"}"#)
        #expect(try text(false, .unavailable) == #"{"return_code":"1000","return_msg":"系统异常"}"#)
        #expect(try text(true, .quarantined) == #"<Response service="RoutePushService"><Head>OK</Head></Response>"#)
        #expect(try text(true, .unavailable).contains("<Head>ERR</Head>"))
    }

    @Test func `the finer status wins over the operation, and unknown ones end nothing`() throws {
        func phases(_ code: String, _ status: String) throws -> [ParcelPhase] {
            let text = node("1", code: code).dropLast() + #","secondaryStatusCode":"\#(status)"}"#
            return try reports(push(body([String(text)]))).flatMap { $0.events.map(\.phase) }
        }
        #expect(try phases("31", "204") == [.customs])
        #expect(try phases("80", "") == [.delivered])
        #expect(try phases("80", "9999") == [.delivered])
        #expect(try phases("12345", "") == [.inTransit])
        #expect(try phases("301", "") == [.inTransit])
    }

    @Test func `more than ten nodes come in several pushes, and none is lost when one is refused first`() async throws {
        for platform in [TrackerWorld.Platform.sfJSON, .sfForm] {
            let world = try TrackerWorld(platform)
            let numbers = (1...23).map { "SF12345678901\($0 + 10)" }
            for number in numbers { try world.control("announce", ["number": .string(number), "carrier": "sf"]) }
            world.refuseNext(2)
            try world.control("batch", ["numbers": .array(numbers.map { .string($0) })])
            await world.run()
            #expect(world.kept.count == 3)
            #expect(Set(try world.reports().map(\.number)) == Set(numbers))
            #expect(world.quarantined == 0)
        }
    }
}
