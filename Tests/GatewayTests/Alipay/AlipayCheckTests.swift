import ChannelAdapters
import ChannelSimulators
import Commerce
import Testing
import TestKit

@Suite struct AlipayCheckTests {
    private func health(_ stage: AlipayStage) async throws -> GatewayHealth { try await #require(stage.gateway.check).check() }

    private func changed(_ settings: [String: String] = [:], _ secrets: [String: [Secret]] = [:]) -> (GatewayAccount) -> GatewayAccount {
        { account in
            GatewayAccount(
                id: account.id, kind: account.kind, settings: account.settings.merging(settings) { _, given in given },
                secrets: account.secrets.merging(secrets) { _, given in given }, callbackURL: account.callbackURL)
        }
    }

    @Test(arguments: [AlipaySimulator.Mode.keys, .certificates]) func `keys that fit are fine`(mode: AlipaySimulator.Mode) async throws {
        #expect(try await health(AlipayStage(mode)).level == .fine)
    }

    @Test func `each key that does not fit is named`() async throws {
        let other = try RSAPrivateKey.make()
        var health = try await health(AlipayStage(change: changed(["app_id": "2021000000000009"])))
        #expect(health.level == .broken && health.words.hasPrefix("app_id"))
        health = try await self.health(AlipayStage(change: changed([:], ["app_private_key": [other.pem]])))
        #expect(health.level == .broken && health.words.hasPrefix("app_private_key"))
        health = try await self.health(AlipayStage(change: changed([:], ["alipay_public_keys": [Secret(other.publicKey.pem)]])))
        #expect(health.level == .broken && health.words.contains("alipay_public_keys"))
    }

    @Test func `a certificate that is not the application's is named`() async throws {
        let others = try AlipayStage(.certificates)
        let foreign = try #require(others.account.secrets["alipay_certificates"])
        let health = try await health(AlipayStage(.certificates, change: changed([:], ["app_certificate": foreign])))
        #expect(health.level == .broken && health.words.contains("app_certificate"))
    }

    @Test func `a certificate that ends soon is doubtful, and a platform nobody reaches too`() async throws {
        let stage = try AlipayStage(.certificates)
        stage.time.advance(by: .seconds(710 * 86_400))
        #expect(try await health(stage).level == .doubtful)
        try stage.dial("dark", true)
        #expect(try await health(stage).level == .doubtful)
    }

    @Test func `nothing here can sign as Alipay does`() throws {
        let stage = try AlipayStage()
        #expect(throws: ValidationFailure.self) { try stage.gateway.check?.sample("paid", at: stage.time.now()) }
    }

    @Test(arguments: [
        "app_id", "seller_id", "app_private_key", "alipay_public_keys",
    ])
    func `a setting that is missing is named, and nothing of its content`(name: String) throws {
        let stage = try AlipayStage()
        let account = GatewayAccount(
            id: stage.account.id, kind: .alipay, settings: stage.account.settings.filter { $0.key != name },
            secrets: stage.account.secrets.filter { $0.key != name })
        #expect { try Gateway(account, transport: GatewayNetwork([:]), surroundings: stage.surroundings) } throws: { error in
            (error as? GatewayFault)?.field == name
        }
    }

    @Test(arguments: [("sign_type", "MD5"), ("way", "barter"), ("bill_hour", "24"), ("closing_margin", "-1"), ("app_id", "abc")])
    func `a setting that is wrong is named`(name: String, value: String) {
        #expect { try AlipayStage(settings: [name: value]) } throws: { error in (error as? GatewayFault)?.field == name }
    }
}
