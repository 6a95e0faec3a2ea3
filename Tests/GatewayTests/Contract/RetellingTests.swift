@testable import ChannelAdapters
import ChannelSimulators
import Commerce
import Testing
import TestKit

/// A platform that heard no answer tells the same again, and not always in the same bytes.
@Suite struct RetellingTests {
    private func isOneTelling(_ receiver: any CallbackReceiver, _ first: GatewayCallback, _ again: GatewayCallback, at now: Timestamp) throws -> Bool {
        #expect(first.body != again.body, "nothing is proved by the same bytes")
        let keys = (try receiver.verify(first, at: now), try receiver.verify(again, at: now))
        return keys.0 == keys.1 && receiver.essence(of: first.body) == receiver.essence(of: again.body)
    }

    @Test func `Stripe: an event that fewer endpoints are waiting for is the same event, and one of another amount is not`() async throws {
        let scene = try StripeScene()
        let receiver = try #require(scene.gateway.callbacks)
        _ = try await scene.paid(try scene.attempt())
        let first = try #require(scene.callbacks().last)
        func signed(_ text: String) -> GatewayCallback {
            let secrets = scene.simulator.account(ChannelID("cards")!).secrets["webhook_secrets"] ?? []
            let signature = StripeSignature(secrets: secrets, tolerance: .seconds(300)).sign(Array(text.utf8), at: scene.time.now())
            return GatewayCallback(headers: [(StripeSignature.header, signature)], body: Array(text.utf8))
        }
        let text = String(decoding: first.body, as: UTF8.self)
        let again = signed(text.replacing("\"pending_webhooks\":1", with: "\"pending_webhooks\":0"))
        #expect(try isOneTelling(receiver, first, again, at: scene.time.now()))
        let other = signed(text.replacing("12345", with: "12346"))
        #expect(try !isOneTelling(receiver, first, other, at: scene.time.now()))
    }

    @Test func `WeChat Pay: what is sealed anew is the same telling, and another amount is not`() async throws {
        let stage = try WeChatPayStage()
        _ = try await stage.paid(stage.attempt())
        let now = stage.time.now()
        func callback(_ nonce: String, _ total: Int64) throws -> GatewayCallback {
            let content: JSON = [
                "mchid": "1900000109", "appid": "wxd678efh567hg6787", "out_trade_no": "20261201-k3v9q0m2ab-a1", "transaction_id": "42000001",
                "trade_state": "SUCCESS", "success_time": "2025-10-09T16:53:20+08:00", "amount": ["total": .integer(total), "currency": "CNY"],
            ]
            let sealed = try WeChatPayCipher(key: Secret(try WeChatPayStage.keys.get().apiV3Key)).seal(content.bytes, nonce: nonce, associated: "t")
            let body: JSON = [
                "id": "EV-1", "event_type": "TRANSACTION.SUCCESS",
                "resource": ["algorithm": "AEAD_AES_256_GCM", "ciphertext": .string(sealed), "associated_data": "t", "nonce": .string(nonce)],
            ]
            return try WeChatPayCallbackTests.signed(body.bytes, at: now.milliseconds / 1_000)
        }
        let receiver = stage.callbacks
        #expect(try isOneTelling(receiver, callback("0123456789ab", 12_345), callback("ba9876543210", 12_345), at: now))
        #expect(try !isOneTelling(receiver, callback("0123456789ab", 12_345), callback("ba9876543210", 12_346), at: now))
    }

    @Test func `Alipay: a notification sent at another time and signed by another key is the same, and one of another amount is not`() async throws {
        let stage = try AlipayStage()
        var fields = try await stage.genuine()
        let first = stage.signed(fields)
        fields["notify_time"] = "2026-12-01 23:59:59"
        let now = stage.time.now()
        #expect(try isOneTelling(stage.callbacks, first, stage.signed(fields), at: now))
        fields["total_amount"] = "0.01"
        #expect(try !isOneTelling(stage.callbacks, first, stage.signed(fields), at: now))
    }

    @Test func `SF: a batch in another order is the same, and one with a node put right or in another grouping is a telling of its own`() throws {
        let account = SFSimulator.account(ChannelID("sf")!, callbackURL: "https://mall.example/sf")
        let receiver = try #require(try Gateway(account, transport: GatewayNetwork([:]), surroundings: .still()).callbacks)
        func node(_ id: Int, _ remark: String = "到达") -> String {
            #"{"id":"\#(id)","mailno":"SF1234567890123","acceptTime":"2026-12-01 10:00:00","opCode":"31","remark":"\#(remark)"}"#
        }
        func push(_ nodes: [String]) -> GatewayCallback {
            GatewayCallback(tail: SFSimulator.token, body: Array(#"{"Body":{"WaybillRoute":[\#(nodes.joined(separator: ","))]}}"#.utf8))
        }
        let (now, first) = (Timestamp(milliseconds: 0), push([node(1), node(2)]))
        #expect(try isOneTelling(receiver, first, push([node(2), node(1)]), at: now))
        for other in [push([node(1)]), push([node(1), node(2), node(3)]), push([node(1), node(2, "已到达")])] {
            // Another key, so that neither is ever set aside as a contradiction of the other.
            #expect(try receiver.verify(first, at: now) != receiver.verify(other, at: now))
        }
    }

    @Test func `whatever cannot be taken apart is compared whole`() throws {
        for receiver in [try StripeScene().gateway.callbacks, try AlipayStage().gateway.callbacks, try WeChatPayStage().gateway.callbacks] {
            for text in ["", "a=%"] {
                #expect(try #require(receiver).essence(of: Array(text.utf8)) == Array(text.utf8))
            }
        }
    }
}
