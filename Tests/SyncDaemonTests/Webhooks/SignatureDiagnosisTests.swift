import ArgumentParser
import ChannelAdapters
import Commerce
import Crypto
import Foundation
import Testing

@testable import SyncDaemon

@Suite struct SignatureDiagnosisTests {
    private static let key = Array("the secret of the web shop, long".utf8)
    private static let secret = Secret("whsec_\(Data(key).base64EncodedString())")
    private static let other = Secret("whsec_\(Data("another secret, as long as that".utf8).base64EncodedString())")
    private static let body = Array("{\"type\": \"changed\"}\n".utf8)
    private let now = Timestamp(milliseconds: 1_760_000_000_000)

    private func judge(
        _ headers: [String: String], body: [UInt8] = SignatureDiagnosisTests.body, secrets: [Secret] = [secret],
        after: Int64 = 0, request: String? = nil
    ) throws -> SignatureDiagnosis {
        try SignatureDiagnosis(
            body: body, request: request, secrets: secrets, now: Timestamp(milliseconds: now.milliseconds + after * 1_000),
            tolerance: .seconds(300)
        ) { headers[$0] }
    }

    private func signed(_ body: [UInt8] = SignatureDiagnosisTests.body, by secret: Secret = secret) throws -> [String: String] {
        let headers = try StandardWebhooks(secrets: [secret]).sign(id: "msg_1", at: now, payload: body)
        return Dictionary(uniqueKeysWithValues: headers.map { ($0.name, $0.value) })
    }

    private func coded(_ content: String, key: [UInt8] = key, hex: Bool = false) -> [String: String] {
        let code = Data(HMAC<SHA256>.authenticationCode(for: Array(content.utf8), using: SymmetricKey(data: key)))
        let text = hex ? code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() : code.base64EncodedString()
        return ["webhook-id": "msg_1", "webhook-timestamp": "1760000000", "webhook-signature": "v1,\(text)"]
    }

    @Test func `a good signature is told with its age and the secret that fits`() throws {
        let found = try judge(signed(by: Self.other), secrets: [Self.secret, Self.other], after: 12)
        #expect(found.isValid && found.secret == 2 && found.age == 12 && found.messageID == "msg_1")
        #expect(WebhookVerifyCommand.lines(found, of: 2) == ["valid: message msg_1, signed 12 s ago, by secret 2 of 2"])
        let target = "GET /v1/channels/py/deltas?limit=1"
        #expect(try judge(signed(Array(target.utf8)), body: [], request: target).isValid)
    }

    @Test func `a message that is too old or too new is told by how much, and that it is genuine`() throws {
        let old = try judge(signed(), after: 400)
        #expect(
            WebhookVerifyCommand.lines(old, of: 1) == [
                "not valid: webhook-timestamp is 400 s ago, 100 s more than the 300 s allowed",
                "although the signature itself fits secret 1",
            ])
        #expect(try judge(signed(), after: -301).reasons[0].hasPrefix("webhook-timestamp is 301 s ahead, 1 s more than the 300 s allowed"))
        #expect(try judge(signed(), after: 300).isValid)
        var late = try signed()
        late["webhook-timestamp"] = "1760000000000"
        #expect(try judge(late).reasons == ["webhook-timestamp is in milliseconds; seconds are wanted"])
    }

    @Test func `another secret or an altered body cannot be told apart, and both are named`() throws {
        let words = "no signature fits: another secret signed it, or the body, webhook-id or webhook-timestamp was altered since"
        #expect(try judge(signed(by: Self.other)).reasons == [words])
        #expect(try judge(signed(), body: Array("{\"type\": \"deltas\"}\n".utf8)).reasons == [words])
    }

    @Test func `the mistakes made in practice are named`() throws {
        let text = String(decoding: Self.body, as: UTF8.self)
        let bare = Self.secret.revealed.dropFirst(6)
        let cases: [([String: String], String)] = [
            (try signed(Array(Self.body.dropLast())), "without its last newline"),
            (try signed(Array("{\"type\":\"changed\"}".utf8)), "compact JSON"),
            (try signed(Self.body + [10]), "with a newline at its end"),
            (try signed(Array("{\"type\": \"changed\"}\r\n".utf8)), "signed with CRLF"),
            (coded("msg_1.1760000000.\(text)", key: Array(bare.utf8)), "the text after whsec_"),
            (coded("msg_1.1760000000.\(text)", key: Array(Self.secret.revealed.utf8)), "the whole text of the secret"),
            (coded(text), "it signs the body alone"), (coded("1760000000.\(text)"), "it signs timestamp.body"),
            (coded("msg_1.1760000000.\(text)", hex: true), "written in hex"),
            (coded("msg_1.1760000000."), "the body was not signed"),
        ]
        for (headers, words) in cases {
            let found = try judge(headers)
            #expect(!found.isValid && found.reasons.count == 1 && found.reasons[0].contains(words), "\(words): \(found.reasons)")
        }
    }

    @Test func `headers that are missing or of another kind are named`() throws {
        #expect(try judge([:]).reasons.count == 3)
        let older = ["svix-id": "a", "svix-timestamp": "1", "svix-signature": "v1,x"]
        #expect(try judge(older).reasons[0] == "the header webhook-id is missing; it is there as svix-…, the older name")
        var headers = try signed()
        headers["webhook-signature"] = "v2,abc"
        #expect(try judge(headers).reasons == ["webhook-signature holds no v1 signature: it must be v1, and base64"])
        #expect(WebhookVerifyCommand.fields(["HTTP/1.1 200 OK", "< Webhook-ID:  msg_1 \r", "x"]) == ["webhook-id": "msg_1"])
    }

    @Test(arguments: ["", "-1", "-9223372036854775808", "9223372036854775807", "99999999999", "999999999999999", "1e9", "+5", "１２", " 5"])
    func `a timestamp of any kind is judged and does no harm`(stamp: String) throws {
        var headers = try signed()
        headers["webhook-timestamp"] = stamp
        #expect(try !judge(headers).isValid)
        headers["webhook-id"] = "a.b"
        headers["webhook-signature"] = "v1,=== v1,\(String(repeating: "f", count: 64)) =, v1"
        #expect(try !judge(headers).isValid)
    }

    @Test(arguments: ["sign", "verify", "trigger", "listen"])
    func `a secret on the command line is refused and not repeated`(command: String) {
        let words = ["webhook", command] + (command == "trigger" ? ["web", "changed"] : []) + ["--secret", "whsec_aGVsbG8="]
        let error = #expect(throws: (any Error).self) { _ = try Heyi.parseAsRoot(words) }
        let message = error.map { Heyi.fullMessage(for: $0) } ?? ""
        #expect(message.contains("a secret never stands on the command line") && !message.contains("aGVsbG8"), "\(message)")
        #expect(error.map { Heyi.exitCode(for: $0).rawValue } == 64)
    }

    @Test func `a shell takes every word of the curl command as it is`() {
        #expect(WebhookSignCommand.quoted("it's $x") == #"'it'\''s $x'"#)
    }

    @Test func `long JSON is printed on lines, short JSON on one, and nothing escapes`() throws {
        let value: JSON = ["type": "deltas", "data": ["deltas": [["entity": "product/tea", "value": ["title": .string(String(repeating: "茶", count: 30))]]]], "x": "\u{1b}[2J"]
        let lines = JSONText.lines(value)
        #expect(lines.first == "{" && lines.last == "}")
        #expect(try JSON.parse(lines.joined(separator: "\n").replacing("\u{1b}", with: "")) != .null)
        #expect(!lines.joined().contains("\u{1b}"))
        #expect(JSONText.lines(["a": 1]) == ["{\"a\":1}"])
    }
}
