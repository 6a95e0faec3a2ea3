import ChannelAdapters
import Commerce
import Foundation
import Testing

/// Values published by the platform's own libraries.
@Suite struct WeChatPayVectorTests {
    static func file(_ name: String) throws -> String {
        try String(contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Vectors/wechatpay/\(name)"), encoding: .utf8)
    }

    @Test func `the published key signs as it is published`() throws {
        let key = try RSAPrivateKey(Secret(Self.file("signer_key.pem")))
        let expected = """
            BKyAfU4iMCuvXMXS0Wzam3V/cnxZ+JaqigPM5OhljS2iOT95OO6Fsuml2JkFANJU9K6q9bLlDhPXuoVz+pp4hAm6\
            pHU4ld815U4jsKu1RkyaII+1CYBUYC8TK0XtJ8FwUXXz8vZHh58rrAVN1XwNyvD1vfpxrMT4SL536GLwvpUHlCqIMzoZUguLli/K8V29QiOh\
            uH6IEqLNJn8e9b3nwNcQ7be3CzYGpDAKBfDGPCqCv8Rw5zndhlffk2FEA70G4hvMwe51qMN/RAJbknXG23bSlObuTCN7Ndj1aJGH6/L+hdwf\
            LpUtJm4QYVazzW7DFD27EpSQEqA8bX9+8m1rLg==
            """
        let signature = try key.sign(Array("source".utf8))
        #expect(Data(signature).base64EncodedString() == expected)
        #expect(key.publicKey.verifies(signature, of: Array("source".utf8)))
        #expect(!key.publicKey.verifies(signature, of: Array("Source".utf8)))
    }

    @Test func `the published text of sixteen bytes' key opens`() throws {
        let cipher = WeChatPayCipher(key: Secret("testAPIv3Key0000"))
        let text = try cipher.open("FsdXzxryWfKwvLJKf8LG/ToRPTRh8RN9wROC", nonce: "wCq51qZv4Yfg", associated: "Dl56FrqWQJF1t9LtC3vEUsniZKvbqdR8")
        #expect(String(decoding: text, as: UTF8.self) == "Hello World")
    }

    @Test func `the published text of thirty-two bytes' key opens, seals, and opens under nothing else`() throws {
        let cipher = WeChatPayCipher(key: Secret("a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb"))
        let sealed = "ulwSiIajGClcvcOYvOQ7+l+0PAbzzwI="
        #expect(try cipher.open(sealed, nonce: "uluk4a9R25RW", associated: "associatedData") == Array("message".utf8))
        #expect(try cipher.seal(Array("message".utf8), nonce: "uluk4a9R25RW", associated: "associatedData") == sealed)
        let others = [
            (sealed, "uluk4a9R25RW", "bad-associatedData"), (sealed, "bad-4a9R25RW", "associatedData"),
            (Data(count: 128).base64EncodedString(), "uluk4a9R25RW", "associatedData"),
        ]
        for (text, nonce, associated) in others {
            #expect(throws: WeChatPayCipher.Fault.self) { try cipher.open(text, nonce: nonce, associated: associated) }
        }
    }

    @Test(arguments: ["", "1", "123456", "1234567890123"], ["", "!!!not-base64!!!", "AAAA", "ulwSiIajGClcvcOYvOQ7+l+0PAbzzwI="])
    func `what has not the form of a sealed text is an error and no crash`(nonce: String, text: String) {
        let cipher = WeChatPayCipher(key: Secret("a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb"))
        #expect(throws: WeChatPayCipher.Fault.self) { try cipher.open(text, nonce: nonce, associated: "") }
        #expect(throws: WeChatPayCipher.Fault.self) { try cipher.seal([1], nonce: nonce, associated: "") }
    }

    @Test func `the published secret of the published key opens`() throws {
        let sealed = """
            Qqsluo7R1IZyAqdkm/jBzwXDP5VndCwwFbRA+yILFTYciZzrRChQIQ7SKuI2k3YSR5auB3Zsp\
            djR1WPB3PTCKe6BCFx3NnaPWhSwonYTmW8ZseXjkbcYSbKL5O/6dr6Zftg3t2A2FUd97acjM1fr2EIvIvRieQ3Hl8qVkDBY9520wm1rz\
            vePUnxQWN70RZiBcqr7O7Gb0gU3l7FkvoUFSbY44HgDJetmVow3yGIV3Tcd45o2MNQ+5F1qvjIjb3/6dkGKce4/kNTYraUMO6o6kfFXl\
            fg+bFRIiz8hiUpbToWdu7g0R5Hq0/YIE5vw/5Ms4gbk2HIQIfOLkY8sEPjYHA==
            """
        let key = try RSAPrivateKey(Secret(Self.file("merchant_private_key.pem")))
        let bytes = try #require(Data(base64Encoded: sealed))
        #expect(try key.decrypt(Array(bytes)) == Array("plaintext".utf8))
        #expect(throws: RSAKeyFault.self) { try key.decrypt(Array(bytes.dropLast())) }
        #expect(throws: RSAKeyFault.self) { try key.decrypt([]) }
    }

    @Test func `the published certificate is of the published key`() throws {
        let key = try RSAPrivateKey(Secret(Self.file("merchant_private_key.pem")))
        let certified = try RSAPublicKey(Self.file("merchant_certificate.pem"))
        #expect(certified.pem == key.publicKey.pem)
        #expect(certified.verifies(try key.sign([1, 2, 3]), of: [1, 2, 3]))
    }

    @Test(arguments: [
        ("5F1C72E2", "5f1c72e2", true), ("0005F1C72E2", "5F1C72E2", true), ("PUB_KEY_ID_01AB", "PUB_KEY_ID_01AB", true),
        ("PUB_KEY_ID_01AB", "PUB_KEY_ID_01ab", false), ("PUB_KEY_ID_01AB", "PUB_KEY_ID_1AB", false), ("5F1C72E2", "5F1C72E3", false),
        ("0", "000", true),
    ])
    func `a certificate's serial is a number, and a public key's id a text`(one: String, other: String, areSame: Bool) {
        #expect((PlatformSerial(one) == PlatformSerial(other)) == areSame)
    }

    @Test(arguments: [
        ("2018-06-08T10:34:56+08:00", 1_528_425_296_000), ("2018-06-08T02:34:56Z", 1_528_425_296_000),
        ("2018-06-08T10:34:56.5+08:00", 1_528_425_296_500), ("1970-01-01T08:00:00+08:00", 0),
    ])
    func `an instant is read exactly`(text: String, milliseconds: Int64) {
        #expect(BeijingTime.instant(text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2018-06-08", "2018-06-08 10:34:56+08:00", "2018-13-08T10:34:56+08:00", "2018-06-08T24:34:56+08:00", "2018-06-08T10:34:56",
        "2018-06-08T10:34:56+0800", "2018-06-08T10:34:56.+08:00", "２018-06-08T10:34:56+08:00",
    ])
    func `what is no instant is none`(text: String) {
        #expect(BeijingTime.instant(text) == nil)
    }
}
