@testable import ChannelAdapters
import ChannelSimulators
import Commerce
import Simulation
import Testing
import TestKit

@Suite struct StripeAccountTests {
    private func fault(_ settings: [String: String], key: String? = "sk_test_1", hooks: [String] = ["whsec_1"]) throws -> String? {
        let secrets = ["secret_key": key.map { [Secret($0)] } ?? [], "webhook_secrets": hooks.map { Secret($0) }]
        let account = GatewayAccount(id: try #require(ChannelID("cards")), kind: .stripe, settings: settings, secrets: secrets)
        do throws(GatewayFault) { _ = try StripeAccount(account) } catch {
            #expect(!error.description.contains("oops"))
            return error.field
        }
        return nil
    }

    @Test func `a setting that is wrong is named, and what is in it is not`() throws {
        #expect(try fault([:]) == nil)
        #expect(try fault([:], key: nil) == "secret_key")
        #expect(try fault([:], key: "pk_test_oops") == "secret_key")
        #expect(try fault([:], key: "sk_test_a\nX-Other: oops") == "secret_key")
        #expect(try fault([:], hooks: ["whsec_1", "oops"]) == "webhook_secrets")
        for (name, value) in [
            ("livemode", "oops"), ("capture", "oops"), ("payment_methods", ","), ("currency_decimals", "oops"), ("lookback_days", "0"), ("lookback_days", "oops"),
            ("tolerance_seconds", "3601"), ("account", "oops"), ("publishable_key", "oops"), ("api_version", "oops"),
            ("statement_suffix", String(repeating: "oops", count: 6)),
        ] { #expect(try fault([name: value]) == name) }
    }

    @Test func `without a webhook secret nothing is received and everything else works`() throws {
        let account = GatewayAccount(id: try #require(ChannelID("cards")), kind: .stripe, settings: [:], secrets: ["secret_key": [Secret("rk_live_1")]])
        let gateway = try Gateway(account, transport: GatewayNetwork([:]), surroundings: .still())
        #expect(gateway.callbacks == nil && gateway.payments != nil && gateway.bills != nil)
        #expect(throws: ValidationFailure.self) { try gateway.check?.sample("paid", at: StripeScene.noon) }
    }

    private func health(_ scene: StripeScene) async throws -> GatewayHealth { await (try #require(scene.gateway.check)).check() }

    @Test func `a doctor finds the key right, wrong, another's, restricted and of the other mode`() async throws {
        #expect(try await health(try StripeScene()).level == .fine)
        let wrong = try await health(try StripeScene(key: "sk_test_wrong"))
        #expect(wrong.level == .broken && !wrong.words.contains("sk_test"))
        #expect(try await health(try StripeScene(["account": "acct_other"])).level == .broken)
        let live = try await health(try StripeScene(["livemode": "true"]))
        #expect(live.level == .broken && live.words.contains("live") && live.words.contains("test"))
        let restricted = try StripeScene()
        try restricted.control("restrict", ["paths": ["/v1/account"]])
        #expect(try await health(restricted).level == .doubtful)
        for path in ["/v1/balance", "/v1/refunds", "/v1/payment_intents"] {
            let barred = try StripeScene()
            try barred.control("restrict", ["paths": [.string(path)]])
            let health = try await health(barred)
            #expect(health.level == .broken && health.words.contains("403"))
        }
        let dark = try StripeScene()
        try dark.control("dials", ["dark": true])
        #expect(try await health(dark).level == .doubtful)
    }

    @Test func `a doctor moves nothing`() async throws {
        let scene = try StripeScene()
        _ = try await health(scene)
        #expect(scene.wire.requests.allSatisfy { $0.method == .get })
    }

    @Test(arguments: ["paid", "failed", "closed", "checkout", "refunded", "refund-failed", "dispute"])
    func `a sample is taken by our door and by the maker's own client`(word: String) throws {
        let scene = try StripeScene()
        let sample = try #require(try scene.gateway.check?.sample(word, at: scene.time.now()))
        let receiver = try #require(scene.gateway.callbacks)
        _ = try receiver.verify(sample, at: scene.time.now())
        #expect(try receiver.read(sample.body).count == 1)
        let type = try StripeAccountTests.constructed(sample, "whsec_simulated1", at: scene.time.now())
        #expect(try JSON.parse(sample.body)["type"]?.string == type)
        #expect(throws: ValidationFailure.self) { try scene.gateway.check?.sample("nothing", at: scene.time.now()) }
    }

    @Test func `what the simulator sends the maker's own client accepts, with the new secret and the old`() async throws {
        let scene = try StripeScene()
        try scene.control("rotate_secret")
        _ = try await scene.paid(try scene.attempt())
        let callback = try #require(scene.callbacks().last)
        for secret in ["whsec_simulated1", "whsec_simulated2"] {
            #expect(try StripeAccountTests.constructed(callback, secret, at: scene.time.now()) == "payment_intent.succeeded")
        }
        #expect(throws: PythonPeer.Failure.self) { try StripeAccountTests.constructed(callback, "whsec_simulated3", at: scene.time.now()) }
    }

    private static func constructed(_ callback: GatewayCallback, _ secret: String, at now: Timestamp) throws -> String {
        try PythonPeer.run(
            """
            import sys, time, stripe
            now = int(sys.argv[3]); time.time = lambda: now
            event = stripe.Webhook.construct_event(sys.stdin.buffer.read(), sys.argv[1], sys.argv[2], api_key='sk_test_x')
            print(event.type, end='')
            """, [try #require(callback["stripe-signature"]), secret, String(now.milliseconds / 1_000)], input: callback.body)
    }
}
