import ChannelAdapters
import ChannelSimulators
import Commerce
import Foundation
import Simulation
import TestKit
import Testing

@Suite struct WeChatPayCallbackTests {
    /// A stage that knows the platform's keys, with one payment made and told.
    private func told(_ mode: WeChatPayKeyMaterial.Mode = .certificate) async throws -> (stage: WeChatPayStage, callback: GatewayCallback) {
        let stage = try WeChatPayStage(mode: mode)
        _ = try await stage.paid(stage.attempt())
        return (stage, try #require(stage.told().first))
    }

    private func with(_ callback: GatewayCallback, _ name: String, _ value: String?) -> GatewayCallback {
        var headers = callback.headers.filter { $0.name != name }
        if let value { headers.append((name: name, value: value)) }
        return GatewayCallback(headers: headers, body: callback.body)
    }

    /// Signed by the platform in earnest, whatever the body is.
    static func signed(_ body: [UInt8], at seconds: Int64, by index: Int = 0) throws -> GatewayCallback {
        let certified = try WeChatPayStage.keys.get().certificates[index]
        let signature = try certified.key.sign(Array("\(seconds)\nn\n".utf8) + body + [0x0A])
        return GatewayCallback(
            headers: [
                ("wechatpay-timestamp", String(seconds)), ("wechatpay-nonce", "n"), ("wechatpay-serial", certified.serial),
                ("wechatpay-signature", Data(signature).base64EncodedString()),
            ], body: body)
    }

    /// A notification whose sealed content is given.
    static func notification(_ content: [UInt8], event: String = "TRANSACTION.SUCCESS", id: String = "EV-1") throws -> [UInt8] {
        let cipher = WeChatPayCipher(key: Secret(try WeChatPayStage.keys.get().apiV3Key))
        let sealed = try cipher.seal(content, nonce: "0123456789ab", associated: "transaction")
        let json: JSON = [
            "id": .string(id), "event_type": .string(event),
            "resource": [
                "algorithm": "AEAD_AES_256_GCM", "ciphertext": .string(sealed), "associated_data": "transaction", "nonce": "0123456789ab",
            ],
        ]
        return json.bytes
    }

    private static let payment: JSON = [
        "mchid": "1900000109", "appid": "wxd678efh567hg6787", "out_trade_no": "20261201-k3v9q0m2ab-a1", "transaction_id": "42000001",
        "trade_state": "SUCCESS", "success_time": "2025-10-09T16:53:20+08:00", "amount": ["total": 12_345, "currency": "CNY"],
    ]

    @Test(arguments: WeChatPayKeyMaterial.Mode.allCases) func `a genuine callback is kept under its id and says what was paid`(
        mode: WeChatPayKeyMaterial.Mode
    ) async throws {
        let stage = try WeChatPayStage(mode: mode)
        if mode == .publicKey { _ = try stage.simulator.control("rotate", ["to": "public-key", "overlap": false]) }
        let payment = try await stage.paid(stage.attempt())
        let callback = try #require(stage.told().first)
        let event = try stage.callbacks.verify(callback, at: stage.time.now())
        guard case .keep(let key) = event else { Issue.record("nothing to keep"); return }
        #expect(key.hasPrefix("EV-"))
        #expect(try stage.callbacks.read(callback.body) == [.attempt(number: stage.number(stage.attempt()), .paid(payment, at: stage.time.now()))])
        #expect(stage.callbacks.answer(.kept, at: stage.time.now()) == CallbackAnswer(204))
    }

    @Test(arguments: [(0, true), (299, true), (300, false), (301, false), (-299, true), (-300, false), (-301, false)])
    func `a signature is good for less than three hundred seconds either way`(age: Int64, isGood: Bool) async throws {
        let (stage, _) = try await told()
        let now = stage.time.now()
        let callback = try Self.signed(Self.notification(Self.payment.bytes), at: now.milliseconds / 1_000 - age)
        if isGood {
            #expect(try stage.callbacks.verify(callback, at: now) == .keep("EV-1"))
        } else {
            #expect(throws: CallbackFault.stale(by: .seconds(age))) { try stage.callbacks.verify(callback, at: now) }
        }
    }

    @Test func `what was altered, cut off or said again too late is refused`() async throws {
        let (stage, genuine) = try await told()
        let now = stage.time.now()
        let signature = try #require(genuine["wechatpay-signature"])
        #expect(try stage.callbacks.verify(genuine, at: now) == stage.callbacks.verify(genuine, at: now))
        var body = genuine.body
        body.insert(0x20, at: body.count - 1)
        let forged = [
            GatewayCallback(headers: genuine.headers, body: body), GatewayCallback(headers: genuine.headers, body: Array(genuine.body.dropLast())),
            with(genuine, "wechatpay-signature", String(signature.dropLast(4))), with(genuine, "wechatpay-signature", "AAAA"),
            with(genuine, "wechatpay-signature", "!!!"), with(genuine, "wechatpay-nonce", "other"),
        ]
        for one in forged {
            #expect { try stage.callbacks.verify(one, at: now) } throws: { if case CallbackFault.forged = $0 { true } else { false } }
        }
        #expect(throws: CallbackFault.stale(by: .seconds(301))) { try stage.callbacks.verify(genuine, at: now + .seconds(301)) }
    }

    @Test(arguments: ["wechatpay-signature", "wechatpay-timestamp", "wechatpay-nonce", "wechatpay-serial"])
    func `a header that is missing, empty, doubled or enormous is refused`(name: String) async throws {
        let (stage, genuine) = try await told()
        let value = try #require(genuine[name])
        let doubled = GatewayCallback(headers: genuine.headers + [(name: name, value: value)], body: genuine.body)
        for one in [with(genuine, name, nil), with(genuine, name, ""), doubled, with(genuine, name, String(repeating: "9", count: 100_000))] {
            #expect { try stage.callbacks.verify(one, at: stage.time.now()) } throws: { fault in
                switch fault as? CallbackFault {
                case .malformed, .forged: true
                default: false
                }
            }
        }
    }

    @Test func `a probe is known as one, and an unknown kind of signature is refused`() async throws {
        let (stage, genuine) = try await told()
        for text in ["WECHATPAY/SIGNTEST/", "WECHATPAY/SIGNTEST/NI4YMG==", "WECHATPAY/SIGNTEST/!!not base64"] {
            #expect(throws: CallbackFault.probe) { try stage.callbacks.verify(self.with(genuine, "wechatpay-signature", text), at: stage.time.now()) }
        }
        #expect(throws: CallbackFault.malformed(field: "wechatpay-signature-type", reason: "is not WECHATPAY2-SHA256-RSA2048")) {
            try stage.callbacks.verify(self.with(genuine, "wechatpay-signature-type", "WECHATPAY2-SM2-WITH-SM3"), at: stage.time.now())
        }
        let answer = stage.callbacks.answer(.refused(.probe), at: stage.time.now())
        #expect(answer.status == 401 && String(decoding: answer.body, as: UTF8.self) == #"{"code":"FAIL","message":"验签失败"}"#)
    }

    @Test func `the documented example, whose body is not whole, does not verify`() async throws {
        let (stage, _) = try await told()
        let body = Array(#"{"id":"EV-2018022511223320873","resource":{"ciphertext":"..."}}"#.utf8)
        let callback = GatewayCallback(
            headers: [
                ("wechatpay-timestamp", "1554209980"), ("wechatpay-nonce", "c5ac7061fccab6bf3e254dcf98995b8c"),
                ("wechatpay-serial", stage.simulator.keys.certificates[0].serial), ("wechatpay-signature", "CtcbzwtQjN8rnOXItEBJ5aQFSnIXESeV28Pr2YEmf9wsDQ8Nx25ytW6FXBCAFdrr0mgqngX3AD9gNzjnNHzSGTPBSsaEkIfhPF4b8YRRTpny88tNLyprXA0GU5ID3DkZHpjFkX1hAp/D0fva2GKjGRLtvYbtUk/OLYqFuzbjt3yOBzJSKQqJsvbXILffgAmX4pKql+Ln+6UPvSCeKwznvtPaEx+9nMBmKu7Wpbqm/+2ksc0XwjD+xlvlECkCxfD/OJ4gN3IurE0fpjxIkvHDiinQmk51BI7zQD8k1znU7r/spPqB+vZjc5ep6DC5wZUpFu5vJ8MoNKjCu8wnzyCFdA=="),
            ], body: body)
        #expect { try stage.callbacks.verify(callback, at: Timestamp(milliseconds: 1_554_209_980_000)) } throws: { $0 is CallbackFault }
    }

    @Test func `what is genuine and another merchant's is foreign`() async throws {
        let (stage, _) = try await told()
        let now = stage.time.now()
        let seconds = now.milliseconds / 1_000
        for (name, value) in [("mchid", "1900009999"), ("appid", "wx0000000000000000")] {
            var content = try #require(Self.payment.object)
            content[name] = .string(value)
            let callback = try Self.signed(Self.notification(JSON.object(content).bytes), at: seconds)
            #expect(throws: CallbackFault.foreign(field: name, value: value)) { try stage.callbacks.verify(callback, at: now) }
        }
        let sealed = try WeChatPayCipher(key: Secret("another-merchants-key-of-32-byte")).seal(Self.payment.bytes, nonce: "0123456789ab", associated: "")
        let body: JSON = [
            "id": "EV-1", "event_type": "TRANSACTION.SUCCESS",
            "resource": ["algorithm": "AEAD_AES_256_GCM", "ciphertext": .string(sealed), "associated_data": "", "nonce": "0123456789ab"],
        ]
        #expect { try stage.callbacks.verify(Self.signed(body.bytes, at: seconds), at: now) } throws: { fault in
            if case CallbackFault.foreign("resource.ciphertext", _) = fault { true } else { false }
        }
    }

    @Test(arguments: ["mchid", "appid", "out_trade_no", "transaction_id", "trade_state", "success_time", "amount"])
    func `a member that is missing, of another type or enormous is refused at the door`(name: String) async throws {
        let (stage, _) = try await told()
        let now = stage.time.now()
        let wrong: [JSON?] = [nil, .null, true, ["x"], [:], -1, .decimal("1e999"), .string(String(repeating: "9", count: 100_000)), "\u{0}", "单号"]
        for value in wrong {
            var content = try #require(Self.payment.object)
            content[name] = value
            let body = try Self.notification(JSON.object(content).bytes)
            #expect(throws: CallbackFault.self) { try stage.callbacks.verify(Self.signed(body, at: now.milliseconds / 1_000), at: now) }
        }
        let text = Self.payment.text
        let doubled = Array((text.dropLast() + #","\#(name)":"x"}"#).utf8)
        let body = try Self.notification(doubled)
        #expect(throws: CallbackFault.self) { try stage.callbacks.verify(Self.signed(body, at: now.milliseconds / 1_000), at: now) }
    }

    @Test(arguments: [JSON.integer(0), .integer(1), .integer(Money.amountMax)], ["total"]) func `any amount of money is read exactly`(
        amount: JSON, name: String
    ) async throws {
        let (stage, _) = try await told()
        var content = try #require(Self.payment.object)
        content["amount"] = .object(JSONObject([(name, amount)]))
        guard case .attempt(_, .paid(let payment, _)) = try stage.callbacks.read(Self.notification(JSON.object(content).bytes)).first else {
            Issue.record("not paid"); return
        }
        #expect(payment.amount == Money(amount: amount.integer ?? -1, currency: .yuan))
    }

    @Test func `two hundred deliveries of one event have one key`() async throws {
        let stage = try WeChatPayStage()
        _ = try stage.simulator.control("dials", ["callback_copies": 200, "callback_delay_max_ms": 60_000])
        let payment = try await stage.paid(stage.attempt())
        stage.time.advance(by: .seconds(60))
        let told = stage.told()
        #expect(told.count == 200)
        let keys = try Set(told.map { try stage.callbacks.verify($0, at: stage.time.now()) })
        #expect(keys.count == 1)
        #expect(try Set(told.map { try stage.callbacks.read($0.body) }).count == 1)
        #expect(try stage.books("20261201-k3v9q0m2ab-a1").captured == payment.amount.amount)
    }

    @Test func `what the platform tells badly is refused or told apart`() async throws {
        for (dial, isKept) in [("callback_tampered", false), ("callback_foreign", false), ("callback_other_amount", true)] {
            let stage = try WeChatPayStage()
            _ = try stage.simulator.control("dials", .object(JSONObject([(dial, 1_000)])))
            _ = try await stage.paid(stage.attempt())
            let callback = try #require(stage.told().first)
            guard isKept else {
                #expect(throws: CallbackFault.self) { try stage.callbacks.verify(callback, at: stage.time.now()) }
                continue
            }
            _ = try stage.callbacks.verify(callback, at: stage.time.now())
            guard case .attempt(_, .paid(let payment, _)) = try stage.callbacks.read(callback.body).first else { Issue.record("not paid"); return }
            #expect(payment.amount.amount == 12_346)
        }
    }

    @Test func `refunds are told as what became of them, and those by hand as others'`() async throws {
        let stage = try WeChatPayStage()
        let payment = try await stage.paid(stage.attempt())
        _ = stage.told()
        let refund = Refund(
            number: try #require(EntityID("r1")), payment: payment.ref, amount: Money(amount: 345, currency: .yuan), reason: .cancelled)
        _ = try stage.simulator.control("dials", ["refund_takes_ms": 60_000])
        _ = await stage.payments.refund(refund, of: WeChatPayStage.order)
        _ = try stage.simulator.control("abnormal", ["out_refund_no": .string(refund.numberAtGateway(ofOrder: WeChatPayStage.order))])
        _ = try stage.simulator.control("refund", ["transaction_id": .string(payment.ref.transaction), "amount": 1])
        let news = try stage.told().flatMap { callback in
            _ = try stage.callbacks.verify(callback, at: stage.time.now())
            return try stage.callbacks.read(callback.body)
        }
        guard case .refund("20261201-k3v9q0m2ab-r1", .refused(let reason)) = news.first, case .refundByOthers(let transaction, _, let amount) = news.last
        else { Issue.record("\(news)"); return }
        #expect(reason.contains("ABNORMAL") && transaction == payment.ref.transaction && amount.amount == 1)
        #expect(await stage.payments.refund(refund, of: WeChatPayStage.order) == .refused(reason))
    }

    @Test func `the platform tells again by its schedule until it hears the word`() async throws {
        let stage = try WeChatPayStage()
        _ = try await stage.paid(stage.attempt())
        var tries = 0
        while let due = stage.simulator.nextCallback {
            stage.time.advance(by: due - stage.time.now())
            for callback in stage.simulator.dueCallbacks(at: stage.time.now()) {
                tries += 1
                let answer = stage.callbacks.answer(.unavailable, at: stage.time.now())
                stage.simulator.callbackAnswered(callback.id, by: HTTPResponse(status: answer.status, headers: [], body: answer.body), at: stage.time.now())
            }
        }
        #expect(tries == 16)
        #expect(stage.time.now().milliseconds - 1_760_000_000_000 == 86_640_000)
    }

    @Test func `all that is refused hears FAIL under a status that is no success`() async throws {
        let (stage, _) = try await told()
        let faults: [CallbackFault] = [
            .malformed(field: "a", reason: "b"), .forged(reason: "a"), .probe, .stale(by: .seconds(301)), .foreign(field: "mchid", value: "1"),
            .unknownKey("AB"),
        ]
        for verdict in faults.map({ CallbackVerdict.refused($0) }) + [.unavailable] {
            let answer = stage.callbacks.answer(verdict, at: stage.time.now())
            #expect((400..<600).contains(answer.status))
            #expect(try JSON.parse(answer.body)["code"] == "FAIL")
        }
        #expect(stage.callbacks.answer(.quarantined, at: stage.time.now()) == CallbackAnswer(204))
    }

    @Test func `no bytes whatever stop the reader`() async throws {
        let (stage, genuine) = try await told()
        let random = SeededRandom(seed: 20_261_201)
        for _ in 0..<3_000 {
            var bytes = genuine.body
            for _ in 0..<(1 + random.next() % 8) {
                let place = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 4 {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: if bytes.count > 1 { bytes.remove(at: place) }
                case 2: bytes.insert(contentsOf: bytes[(place / 2)..<place], at: place)
                default: bytes = Array(bytes[..<max(1, place)])
                }
            }
            do { _ = try stage.callbacks.read(bytes) } catch { #expect(!error.reason.isEmpty) }
        }
    }
}
