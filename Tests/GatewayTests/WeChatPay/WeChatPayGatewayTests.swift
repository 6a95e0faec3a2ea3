import ChannelAdapters
import ChannelSimulators
import Commerce
import Foundation
import TestKit
import Testing

@Suite struct WeChatPayGatewayTests {
    private static let order = WeChatPayStage.order

    /// An answer the platform signed in earnest, whatever it says.
    static func signed(_ body: [UInt8], status: Int = 200, at now: Timestamp) throws -> HTTPResponse {
        let callback = try WeChatPayCallbackTests.signed(body, at: now.milliseconds / 1_000)
        return HTTPResponse(status: status, headers: callback.headers, body: body)
    }

    @Test(arguments: WeChatPayWay.allCases) func `each way opens with its own app id and gives the client what it needs`(way: WeChatPayWay) async throws {
        let recorder = Recorder()
        let stage = try WeChatPayStage(settings: ["app_id_\(way.rawValue)": "wxapp0\(way.rawValue)"], over: { recorder.over($0) })
        let attempt = try stage.attempt { terms in
            terms.way = way.rawValue
            terms.payer = "oUpF8uMuAJO"
            terms.clientAddress = "203.0.113.7"
            terms.returnURL = "https://shop.example/done?o=1"
            terms.expires = stage.time.now() + .seconds(900)
            terms.description = "茶 250g"
        }
        guard case .ready(let json) = await stage.payments.open(attempt, of: Self.order) else { Issue.record("not open"); return }
        let sent = try #require(recorder.requests.last?.body)
        let body = try JSON.parse(sent)
        #expect(body["appid"]?.string == "wxapp0\(way.rawValue)" && body["description"] == "茶 250g" && body["out_trade_no"] == "20261201-k3v9q0m2ab-a1")
        #expect(body["time_expire"] == "2025-10-09T17:08:20+08:00" && body["amount"] == ["total": 12_345, "currency": "CNY"])
        #expect(body["notify_url"] == "https://shop.example/callbacks/wechat")
        let key = stage.simulator.keys.merchantKey.publicKey
        func proves(_ names: [String], _ sign: String) throws -> Bool {
            let text = try names.map { try #require(json[$0]?.string) + "\n" }.joined()
            let signature = try #require(json[sign]?.string)
            return key.verifies(Array(try #require(Data(base64Encoded: signature))), of: Array(text.utf8))
        }
        switch way {
        case .jsapi, .mini:
            #expect(try proves(["appId", "timeStamp", "nonceStr", "package"], "paySign"))
            #expect(json["signType"] == "RSA" && json["package"]?.string?.hasPrefix("prepay_id=") == true)
        case .app:
            #expect(try proves(["appid", "timestamp", "noncestr", "prepayid"], "sign"))
            #expect(json["partnerid"] == "1900000109" && json["package"] == "Sign=WXPay")
        case .native: #expect(json["code_url"]?.string?.hasPrefix("weixin://") == true)
        case .h5: #expect(json["h5_url"]?.string?.hasSuffix("&redirect_url=https%3A%2F%2Fshop.example%2Fdone%3Fo%3D1") == true)
        }
    }

    @Test func `each try says the same words`() async throws {
        let recorder = Recorder()
        let stage = try WeChatPayStage(over: { recorder.over($0) })
        let attempt = try stage.attempt()
        for _ in 0..<3 { _ = await stage.payments.open(attempt, of: Self.order) }
        #expect(Set(recorder.requests.compactMap(\.body)).count == 1)
    }

    @Test func `what the platform cannot take is refused before anything is sent`() async throws {
        let recorder = Recorder()
        let stage = try WeChatPayStage(over: { recorder.over($0) })
        let long = "20261201-k3v9q0m2ab-and-more-of-it"
        var refusals: [GatewayOpening] = [await stage.payments.open(try stage.attempt(), of: long)]
        for (way, change) in [
            ("jsapi", { (_: inout PaymentTerms) in }), ("mini", { _ in }), ("h5", { _ in }), ("cheque", { _ in }),
        ] as [(String, (inout PaymentTerms) -> Void)] {
            refusals.append(await stage.payments.open(try stage.attempt { change(&$0); $0.way = way }, of: Self.order))
        }
        refusals.append(await stage.payments.open(try stage.attempt(amount: 0), of: Self.order))
        for one in refusals {
            guard case .refused = one else { Issue.record("\(one)"); return }
        }
        #expect(recorder.requests.isEmpty)
    }

    @Test func `a number that is open in other words is neither ready nor refused`() async throws {
        let stage = try WeChatPayStage()
        let attempt = try stage.attempt()
        guard case .ready = await stage.payments.open(attempt, of: Self.order) else { Issue.record("not open"); return }
        let changed = try stage.attempt { $0.description = "另一件" }
        guard case .unknown(let reason) = await stage.payments.open(changed, of: Self.order) else { Issue.record("it claims to know"); return }
        #expect(reason.contains("OUT_TRADE_NO_USED") && reason.contains("商户订单号重复"))
        _ = try stage.simulator.control("pay", ["out_trade_no": .string(stage.number(attempt))])
        guard case .unknown(let paid) = await stage.payments.open(attempt, of: Self.order) else { Issue.record("it claims to know"); return }
        #expect(paid.contains("paid"))
    }

    @Test func `a number that was closed is refused`() async throws {
        let stage = try WeChatPayStage()
        let attempt = try stage.attempt()
        _ = await stage.payments.open(attempt, of: Self.order)
        _ = await stage.payments.close(attempt, of: Self.order)
        guard case .refused = await stage.payments.open(attempt, of: Self.order) else { Issue.record("not refused"); return }
    }

    @Test func `a payer who types the password keeps an attempt open`() async throws {
        let stage = try WeChatPayStage()
        let attempt = try stage.attempt()
        _ = await stage.payments.open(attempt, of: Self.order)
        _ = try stage.simulator.control("type", ["out_trade_no": .string(stage.number(attempt))])
        #expect(await stage.payments.close(attempt, of: Self.order) == .open)
        #expect(await stage.payments.ask(attempt, of: Self.order) == .open)
        _ = try stage.simulator.control("pay", ["out_trade_no": .string(stage.number(attempt))])
        guard case .paid = await stage.payments.close(attempt, of: Self.order) else { Issue.record("the payment is lost"); return }
    }

    @Test func `a wrong amount that came in is told as what it is`() async throws {
        let stage = try WeChatPayStage()
        let attempt = try stage.attempt()
        _ = await stage.payments.open(attempt, of: Self.order)
        _ = try stage.simulator.control("pay", ["out_trade_no": .string(stage.number(attempt)), "amount": 12_344])
        guard case .paid(let payment, _) = await stage.payments.ask(attempt, of: Self.order) else { Issue.record("not paid"); return }
        #expect(payment.amount.amount == 12_344)
    }

    @Test(arguments: [
        ("mchid", JSON.string("1900009999")), ("appid", "wx0000000000000000"), ("out_trade_no", "20261201-k3v9q0m2ab-a2"),
        ("trade_state", "PAID"), ("amount", ["total": 12_345, "currency": "XXQ"]), ("amount", ["total": "12345"]), ("transaction_id", JSON.null),
        ("success_time", "yesterday"),
    ] as [(String, JSON)])
    func `a signed answer about something else decides nothing`(name: String, value: JSON) async throws {
        let now = Timestamp(milliseconds: 1_760_000_000_000)
        let recorder = Recorder { request, response, _ throws(TransportError) in
            guard request.url.contains("out-trade-no"), response.status == 200 else { return response }
            do {
                var json = try JSON.parse(response.body).object ?? JSONObject()
                json[name] = value
                return try Self.signed(JSON.object(json).bytes, at: now)
            } catch { throw .cancelled }
        }
        let stage = try WeChatPayStage(over: { recorder.over($0) })
        let attempt = try stage.attempt()
        _ = await stage.payments.open(attempt, of: Self.order)
        _ = try stage.simulator.control("pay", ["out_trade_no": .string(stage.number(attempt))])
        guard case .unknown = await stage.payments.ask(attempt, of: Self.order) else { Issue.record("it claims to know"); return }
        guard case .unknown = await stage.payments.close(attempt, of: Self.order) else { Issue.record("it claims to know"); return }
    }

    @Test(arguments: [344, 346, 0, -345]) func `a refund of another amount than asked is not taken for it`(amount: Int64) async throws {
        let now = Timestamp(milliseconds: 1_760_000_000_000)
        let recorder = Recorder { request, response, _ throws(TransportError) in
            guard request.url.contains("refund"), response.status == 200 else { return response }
            do {
                var json = try JSON.parse(response.body).object ?? JSONObject()
                json["amount"] = ["total": 12_345, "refund": .integer(amount), "currency": "CNY"]
                return try Self.signed(JSON.object(json).bytes, at: now)
            } catch { throw .cancelled }
        }
        let stage = try WeChatPayStage(over: { recorder.over($0) })
        let payment = try await stage.paid(stage.attempt())
        let refund = Refund(number: try #require(EntityID("r1")), payment: payment.ref, amount: Money(amount: 345, currency: .yuan), reason: .surplus)
        for _ in 0..<2 {
            guard case .unknown = await stage.payments.refund(refund, of: Self.order) else { Issue.record("it claims to know"); return }
        }
        #expect(try stage.books("20261201-k3v9q0m2ab-a1").refunds == 1)
    }

    /// The answers of one whole life, each lost in turn: certificates, opening, asking, refund's query, transaction, refund, close.
    @Test(arguments: 1...9) func `whichever answer is lost, the same said again ends the same`(lost: Int) async throws {
        let recorder = Recorder { _, response, count throws(TransportError) in
            guard count == lost else { return response }
            throw .interrupted(reason: "lost")
        }
        let stage = try WeChatPayStage(over: { recorder.over($0) })
        let attempt = try stage.attempt()
        var isOpen = false
        for _ in 0..<3 { if case .ready = await stage.payments.open(attempt, of: Self.order) { isOpen = true } }
        #expect(isOpen)
        _ = try stage.simulator.control("pay", ["out_trade_no": .string(stage.number(attempt))])
        var paid: Payment?
        for _ in 0..<2 { if case .paid(let payment, _) = await stage.payments.ask(attempt, of: Self.order) { paid = payment } }
        let refund = Refund(
            number: try #require(EntityID("r1")), payment: try #require(paid).ref, amount: Money(amount: 345, currency: .yuan), reason: .goodwill)
        var last: RefundNews?
        for _ in 0..<3 { last = await stage.payments.refund(refund, of: Self.order) }
        #expect(last == .settled)
        #expect(try stage.books(stage.number(attempt)) == .init(captured: 12_345, refunded: 345, refunds: 1))
    }

    @Test func `a write whose answer is a probe is unknown, and done once`() async throws {
        let stage = try WeChatPayStage()
        let attempt = try stage.attempt()
        #expect(await stage.payments.ask(attempt, of: Self.order) == .open)
        _ = try stage.simulator.control("probe", ["answers": 1])
        guard case .unknown = await stage.payments.open(attempt, of: Self.order) else { Issue.record("it claims to know"); return }
        guard case .ready = await stage.payments.open(attempt, of: Self.order) else { Issue.record("not open"); return }
        let payment = try await stage.paid(attempt)
        let refund = Refund(number: try #require(EntityID("r1")), payment: payment.ref, amount: Money(amount: 1, currency: .yuan), reason: .cancelled)
        for _ in 0..<2 {
            _ = try stage.simulator.control("probe", ["answers": 1])
            guard case .unknown = await stage.payments.refund(refund, of: Self.order) else { Issue.record("it claims to know"); return }
        }
        #expect(await stage.payments.refund(refund, of: Self.order) == .settled)
    }

    @Test func `an unsigned answer is nobody's, whatever it says`() async throws {
        let recorder = Recorder { _, response, _ throws(TransportError) in
            HTTPResponse(status: response.status, headers: response.headers.filter { !$0.name.hasPrefix("wechatpay-") }, body: response.body)
        }
        let stage = try WeChatPayStage(over: { recorder.over($0) })
        let attempt = try stage.attempt()
        guard case .unknown = await stage.payments.open(attempt, of: Self.order) else { Issue.record("it claims to know"); return }
        guard case .unknown = await stage.payments.ask(attempt, of: Self.order) else { Issue.record("it claims to know"); return }
        guard case .unknown = await stage.payments.close(attempt, of: Self.order) else { Issue.record("it claims to know"); return }
    }

    @Test func `secrets are in no request and no refusal`() async throws {
        let recorder = Recorder()
        let stage = try WeChatPayStage(over: { recorder.over($0) })
        let payment = try await stage.paid(stage.attempt())
        _ = await stage.payments.refund(
            Refund(number: try #require(EntityID("r1")), payment: payment.ref, amount: Money(amount: 1, currency: .yuan), reason: .cancelled), of: Self.order)
        let keys = stage.simulator.keys
        for request in recorder.requests {
            let text = request.url + request.headers.map(\.value).joined() + String(decoding: request.body ?? [], as: UTF8.self)
            #expect(!text.contains(keys.apiV3Key) && !text.contains("PRIVATE KEY"))
        }
    }
}
