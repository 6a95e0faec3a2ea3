import ChannelAdapters
import ChannelSimulators
import Commerce
import TestKit
import Testing

/// Keys that change while money moves, and accounts that are configured wrongly.
@Suite struct WeChatPayKeyTests {
    private static let order = WeChatPayStage.order

    @Test func `a certificate changes in mid-traffic and nobody restarts`() async throws {
        let stage = try WeChatPayStage()
        _ = try await stage.paid(stage.attempt("a1"))
        _ = try stage.simulator.control("rotate", ["to": "next", "overlap": true])
        stage.time.advance(by: .seconds(61))
        // The first answer under the new certificate fetches it.
        _ = try await stage.paid(stage.attempt("a2"))
        _ = try await stage.paid(stage.attempt("a3"))
        // Callbacks come under the old one and the new in turn.
        let told = stage.told()
        #expect(Set(told.compactMap { $0["wechatpay-serial"] }).count == 2)
        for callback in told { _ = try stage.callbacks.verify(callback, at: stage.time.now()) }
        // The old one is listed no more; what it signed lately is still taken.
        _ = try stage.simulator.control("rotate", ["to": "next", "overlap": false])
        stage.time.advance(by: .seconds(13 * 3_600))
        _ = try await stage.paid(stage.attempt("a4"))
        for callback in stage.told() { _ = try stage.callbacks.verify(callback, at: stage.time.now()) }
    }

    @Test func `a callback under a certificate nobody knows yet comes again and is taken then`() async throws {
        let stage = try WeChatPayStage()
        let attempt = try stage.attempt()
        _ = await stage.payments.open(attempt, of: Self.order)
        _ = try stage.simulator.control("rotate", ["to": "next", "overlap": false])
        _ = try stage.simulator.control("pay", ["out_trade_no": .string(stage.number(attempt))])
        stage.time.advance(by: .seconds(61))
        let callback = try #require(stage.told().first)
        #expect { try stage.callbacks.verify(callback, at: stage.time.now()) } throws: { fault in
            if case CallbackFault.unknownKey = fault { true } else { false }
        }
        // Whoever calls next fetches it: the door has the account checked.
        #expect(await stage.gateway.check?.check().level == .fine)
        _ = try stage.callbacks.verify(callback, at: stage.time.now())
    }

    @Test func `a merchant goes over to the public key, and callbacks under both are taken`() async throws {
        let keys = try WeChatPayStage.keys.get()
        let stage = try WeChatPayStage(
            mode: .publicKey, configure: { $0["platform_certificate"] = [Secret(keys.certificates[0].pem)] })
        _ = try stage.simulator.control("rotate", ["to": "public-key", "overlap": true])
        for id in ["a1", "a2", "a3"] { _ = try await stage.paid(stage.attempt(id)) }
        let told = stage.told()
        #expect(Set(told.compactMap { $0["wechatpay-serial"] }) == [keys.certificates[0].serial, keys.publicKeyID])
        for callback in told { _ = try stage.callbacks.verify(callback, at: stage.time.now()) }
    }

    @Test func `during the change a certificate that was not handed over is fetched`() async throws {
        let stage = try WeChatPayStage(mode: .publicKey)
        _ = try stage.simulator.control("rotate", ["to": "public-key", "overlap": true])
        for id in ["a1", "a2"] { _ = try await stage.paid(stage.attempt(id)) }
        let told = stage.told()
        let fresh = told.filter { callback in
            do { _ = try stage.callbacks.verify(callback, at: stage.time.now()); return false } catch { return true }
        }
        #expect(fresh.count == 1)
        _ = await stage.gateway.check?.check()
        for callback in told { _ = try stage.callbacks.verify(callback, at: stage.time.now()) }
    }

    @Test func `a certificate that has ended proves nothing`() async throws {
        let stage = try WeChatPayStage()
        _ = try await stage.paid(stage.attempt())
        _ = stage.told()
        stage.time.advance(by: .seconds(6 * 365 * 86_400))
        let callback = try WeChatPayCallbackTests.signed(Array("{}".utf8), at: stage.time.now().milliseconds / 1_000)
        #expect(throws: CallbackFault.unknownKey("5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A5A")) {
            try stage.callbacks.verify(callback, at: stage.time.now())
        }
        #expect(await stage.gateway.check?.check().level == .broken)
    }

    @Test func `certificates of another root are not taken`() async throws {
        let stage = try WeChatPayStage(configure: { secrets in
            do { secrets["platform_root"] = [Secret(try WeChatPayVectorTests.file("merchant_certificate.pem"))] } catch { secrets["platform_root"] = nil }
        })
        guard case .unknown = await stage.payments.open(try stage.attempt(), of: Self.order) else { Issue.record("it is trusted"); return }
        let health = try #require(await stage.gateway.check?.check())
        #expect(health.level == .broken && health.words.contains("root"))
    }

    @Test func `keys that work are said to work`() async throws {
        for mode in WeChatPayKeyMaterial.Mode.allCases {
            let stage = try WeChatPayStage(mode: mode)
            let health = try #require(await stage.gateway.check?.check())
            #expect(health.level == .fine, "\(health.words)")
        }
    }

    @Test func `each wrong key is named by the setting that is wrong`() async throws {
        let other = try WeChatPayStage.keys.get().certificates[1].key
        let cases: [(String, WeChatPayStage)] = [
            ("merchant_key", try WeChatPayStage(configure: { $0["merchant_key"] = [other.pem] })),
            ("merchant_key", try WeChatPayStage(mode: .publicKey, configure: { $0["merchant_key"] = [other.pem] })),
            ("serial", try WeChatPayStage(settings: ["serial": "00AB"])),
            ("api_v3_key", try WeChatPayStage(configure: { $0["api_v3_key"] = [Secret("another-merchants-key-of-32-byte")] })),
            ("clocks", try WeChatPayStage(apart: .seconds(400))),
            ("clocks", try WeChatPayStage(mode: .publicKey, apart: .seconds(-400))),
        ]
        for (word, stage) in cases {
            let health = try #require(await stage.gateway.check?.check())
            #expect(health.level == .broken && health.words.contains(word), "\(word): \(health.words)")
            #expect(!health.words.contains("PRIVATE KEY") && !health.words.contains("another-merchants"))
        }
        let dark = try WeChatPayStage()
        _ = try dark.simulator.control("dials", ["dark": true])
        #expect(await dark.gateway.check?.check().words.contains("connection refused") == true)
    }

    @Test(arguments: [
        ("mchid", "19x"), ("mchid", ""), ("serial", "xyz"), ("way", "cheque"), ("clock_tolerance_seconds", "0"), ("platform_public_key_id", "PUB_KEY_ID_1"),
        ("app_id", ""), ("timeout_seconds", "many"),
    ])
    func `a setting that is wrong is named`(name: String, value: String) {
        #expect { try WeChatPayStage(settings: [name: value]) } throws: { ($0 as? GatewayFault)?.field == name }
    }

    @Test func `a secret that is wrong is named and not shown`() {
        for (name, value) in [("api_v3_key", "short"), ("merchant_key", "no key"), ("platform_root", "garbage")] {
            #expect { try WeChatPayStage(configure: { $0[name] = [Secret(value)] }) } throws: { error in
                (error as? GatewayFault)?.field == name && !"\(error)".contains(value)
            }
        }
    }
}
