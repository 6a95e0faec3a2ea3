import Commerce
import Foundation
import Simulation
import TestKit

@testable import ChannelAdapters

/// One account at each platform, with keys that never change, so that what was signed once is good for ever.
enum SampleAccounts {
    /// Noon of the day all samples were made on.
    static let now = Timestamp(milliseconds: 1_796_184_000_000)
    static let order = "20261202-k3v9q0m2ab"
    static let merchant = "1900000109"
    static let app = "wxd678efh567hg6787"
    static let publicKeyID = "PUB_KEY_ID_0119000001092026120100000000000001"
    static let apiV3Key = Secret("simulated-apiv3-key-of-32-bytes!")
    static let webhookSecret = Secret("whsec_sample")
    static let token = "k7Qd2VtX9mLr4BzN8cYw1HsF"

    static func file(_ name: String) -> String {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Keys/\(name)").path
        return String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }

    /// The platforms' own half of all RSA keys.
    static var platformKey: RSAPrivateKey { get throws { try RSAPrivateKey(Secret(file("platform.pem"))) } }

    static func account(_ kind: GatewayKind) throws -> GatewayAccount {
        let merchantKey = Secret(file("merchant.pem"))
        var settings = ["endpoint": "https://platform.example"]
        let secrets: [String: [Secret]]
        switch kind {
        case .weChatPay:
            settings.merge(
                ["mchid": merchant, "serial": "3775B6A45ACD588826D15E583A95F5DD12345678", "app_id": app, "platform_public_key_id": publicKeyID]
            ) { $1 }
            secrets = [
                "merchant_key": [merchantKey], "api_v3_key": [apiV3Key], "platform_public_key": [Secret(try platformKey.publicKey.pem)],
            ]
        case .alipay:
            settings.merge(["app_id": "2021001161683774", "seller_id": "2088831204659217"]) { $1 }
            secrets = ["app_private_key": [merchantKey], "alipay_public_keys": [Secret(try platformKey.publicKey.pem)]]
        case .stripe: secrets = ["secret_key": [Secret("sk_test_sample")], "webhook_secrets": [webhookSecret]]
        case .kuaidi100:
            settings["customer"] = "SAMPLE"
            secrets = ["key": [Secret("sample-key")], "salts": [Secret("sample-salt")]]
        case .kdniao:
            settings["ebusiness_id"] = "1260001"
            secrets = ["app_keys": [Secret("sample-app-key")]]
        case .sf:
            settings["partner_id"] = "SAMPLE"
            secrets = ["checkword": [Secret("sample-checkword")], "push_tokens": [Secret(token)]]
        case .seventeenTrack: secrets = ["keys": [Secret("SAMPLEKEY")]]
        }
        return GatewayAccount(
            id: ChannelID("sample")!, kind: kind, settings: settings, secrets: secrets, callbackURL: "https://mall.example/v1/gateways/sample")
    }

    static func gateway(_ kind: GatewayKind, _ transport: any HTTPTransport = Nowhere()) throws -> Gateway {
        let surroundings = Surroundings(time: ManualTime(now), random: SeededRandom(seed: 1), ids: CountingIDs())
        return try Gateway(try account(kind), transport: transport, surroundings: surroundings)
    }

    private struct Nowhere: HTTPTransport {
        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse { throw .unreachable(reason: "nobody is there") }
    }
}
