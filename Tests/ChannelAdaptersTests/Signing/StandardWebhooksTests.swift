import ChannelAdapters
import Commerce
import Foundation
import Testing

@Suite struct StandardWebhooksTests {
    let secret = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    let other = Secret("whsec_" + Data(repeating: 7, count: 32).base64EncodedString())
    let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    let body = Array(#"{"test": 2432232314}"#.utf8)
    let time = Timestamp(milliseconds: 1_614_265_330_000)
    let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    func verify(
        _ secrets: [Secret], signature: String? = nil, id: String? = nil, stamp: String = "1614265330",
        body: [UInt8]? = nil, after milliseconds: Int64 = 0
    ) throws(SignatureFault) {
        guard let scheme = try? StandardWebhooks(secrets: secrets) else { throw .mismatch }
        let headers = [
            "webhook-id": id ?? self.id, "webhook-timestamp": stamp, "webhook-signature": signature ?? self.signature,
        ]
        try scheme.verify(
            payload: body ?? self.body, at: Timestamp(milliseconds: time.milliseconds + milliseconds)
        ) { headers[$0] }
    }

    @Test func `the published vector comes out as published`() throws {
        let headers = try StandardWebhooks(secrets: [secret]).sign(id: id, at: time, payload: body)
        #expect(headers.map(\.name) == ["webhook-id", "webhook-timestamp", "webhook-signature"])
        #expect(headers.map(\.value) == [id, "1614265330", signature])
        try verify([secret])
    }

    @Test(arguments: ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", " whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n"])
    func `a secret may come without prefix and with a newline`(text: String) throws {
        try verify([Secret(text)])
    }

    @Test func `a secret's padding may be missing`() throws {
        let bare = Secret("whsec_" + Data(repeating: 7, count: 32).base64EncodedString().replacing("=", with: ""))
        let headers = try StandardWebhooks(secrets: [bare]).sign(id: id, at: time, payload: body)
        try verify([other], signature: headers[2].value)
    }

    @Test func `while rotating, any secret and any signature may be the one`() throws {
        try verify([other, secret])
        try verify([secret], signature: "v1,\(String(repeating: "A", count: 43))= \(signature)")
        try verify([secret], signature: "v2,whatever v1a,\(signature.dropFirst(3)) \(signature)")
    }

    @Test(arguments: [
        "", " ", "v1,", "v1", "v1, ", "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1O==", "v1,g0hM9SsE+OTPJTGt", "v1,g0hM",
        "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "V1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "v1,!!!!", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=AAAA",
    ])
    func `an empty, cut or foreign signature never matches`(text: String) {
        #expect(throws: SignatureFault.mismatch) { try verify([secret], signature: text) }
    }

    @Test func `what was not signed does not pass`() {
        #expect(throws: SignatureFault.mismatch) { try verify([other]) }
        #expect(throws: SignatureFault.mismatch) { try verify([secret], body: body + [32]) }
        #expect(throws: SignatureFault.mismatch) { try verify([secret], id: "msg_other") }
        #expect(throws: SignatureFault.mismatch) { try verify([secret], stamp: "1614265331") }
    }

    @Test func `the window is three hundred seconds both ways, to the millisecond`() throws {
        try verify([secret], after: 300_000)
        try verify([secret], after: -300_000)
        #expect(throws: SignatureFault.tooOld(limit: .seconds(300))) { try verify([secret], after: 300_001) }
        #expect(throws: SignatureFault.tooNew(limit: .seconds(300))) { try verify([secret], after: -300_001) }
    }

    @Test(arguments: ["", "-1", "+1614265330", " 1614265330", "1614265330.0", "0x60", "99999999999999999999", "nan", "１６１４２６５３３０"])
    func `a timestamp that is not plain digits is refused`(stamp: String) {
        #expect(throws: SignatureFault.malformed(header: "webhook-timestamp")) { try verify([secret], stamp: stamp) }
    }

    @Test(arguments: ["", "a.b", ".", "a b", "a\nb", "合"])
    func `an id that could shift what is signed is refused on both sides`(id: String) throws {
        let scheme = try StandardWebhooks(secrets: [secret])
        #expect(throws: SignatureFault.malformed(header: "webhook-id")) { try scheme.sign(id: id, at: time, payload: body) }
        #expect(throws: SignatureFault.malformed(header: "webhook-id")) { try verify([secret], id: id) }
    }

    @Test(arguments: ["webhook-id", "webhook-timestamp", "webhook-signature"])
    func `a missing header is named`(missing: String) throws {
        let scheme = try StandardWebhooks(secrets: [secret])
        let headers = Dictionary(uniqueKeysWithValues: try scheme.sign(id: id, at: time, payload: body).map { ($0.name, $0.value) })
        #expect(throws: SignatureFault.missing(header: missing)) {
            try scheme.verify(payload: body, at: time) { $0 == missing ? nil : headers[$0] }
        }
    }

    @Test func `a request without body signs what it asks for`() {
        #expect(StandardWebhooks.payload(method: "GET", target: "/a?b=c", body: nil) == Array("GET /a?b=c".utf8))
        #expect(StandardWebhooks.payload(method: "GET", target: "/a", body: []) == Array("GET /a".utf8))
        #expect(StandardWebhooks.payload(method: "POST", target: "/a", body: body) == body)
    }

    @Test(arguments: [0, 1, 23, 65, 100])
    func `a secret too short or too long is refused without being shown`(length: Int) {
        let text = Data(repeating: 9, count: length).base64EncodedString()
        do throws(SecretFault) {
            _ = try StandardWebhooks(secrets: [secret, Secret("whsec_" + text)])
            Issue.record("accepted \(length) bytes")
        } catch {
            #expect(error.index == 1)
            #expect(length == 0 || !"\(error)".contains(text))
        }
    }

    @Test(arguments: [24, 64])
    func `secrets at the limits are taken`(length: Int) throws {
        _ = try StandardWebhooks(secrets: [Secret(Data(repeating: 9, count: length).base64EncodedString())])
    }

    @Test func `a secret does not print`() {
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(describing: secret), String(reflecting: secret), dumped, "\([secret])", "\(Optional(secret) as Any)"] {
            #expect(!text.contains("MfKQ"))
        }
    }
}
