import ChannelSimulators
import Testing

@Suite struct WebhookDoorTests {
    // The example of the Standard Webhooks specification's reference libraries.
    static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    static let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    static let stamp = "1614265330"
    static let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    static let payload = Array("{\"test\": 2432232314}".utf8)

    let door: WebhookDoor
    init() throws { door = try #require(WebhookDoor(secrets: ["whsec_bmV3", Self.secret])) }

    func objection(
        id: String = Self.id, stamp: String = Self.stamp, signature: String = Self.signature,
        payload: [UInt8] = Self.payload, now: Int64 = 1_614_265_330
    ) -> String? {
        door.objection(id: id, timestamp: stamp, signature: signature, payload: payload, now: now)
    }

    @Test func `the published example is let in, under any of the secrets and beside other signatures`() {
        #expect(objection() == nil)
        #expect(objection(signature: "v1,AAAA v2,xyz \(Self.signature)") == nil)
        #expect(objection(now: 1_614_265_630) == nil)
    }

    @Test func `another payload, id, time or signature is not let in`() {
        #expect(objection(id: "msg_other") != nil)
        #expect(objection(stamp: "1614265331") != nil)
        #expect(objection(signature: "v1,AAAA") != nil)
        #expect(objection(payload: Self.payload + [0x20]) != nil)
        #expect(objection(now: 1_614_265_631) != nil)
        #expect(objection(now: 1_614_265_029) != nil)
    }

    @Test func `what it signs the published way is what the example says`() throws {
        let door = try #require(WebhookDoor(secrets: [Self.secret]))
        let headers = door.headers(id: Self.id, now: 1_614_265_330, payload: Self.payload)
        #expect(headers.last?.value == Self.signature)
    }

    @Test(arguments: [[], ["whsec_"], ["bmV3"], ["whsec_not base64"]])
    func `a secret of another form is refused`(secrets: [String]) {
        #expect(WebhookDoor(secrets: secrets) == nil)
    }
}
