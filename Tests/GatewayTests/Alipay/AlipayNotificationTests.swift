import ChannelAdapters
import ChannelSimulators
import Commerce
import Foundation
import Testing
import TestKit

@Suite struct AlipayNotificationTests {
    private static let number = "\(AlipayStage.order)-a1"

    private func fault(_ stage: AlipayStage, _ callback: GatewayCallback) -> CallbackFault? {
        guard let receiver = stage.gateway.callbacks else { return nil }
        do throws(CallbackFault) { _ = try receiver.verify(callback, at: stage.time.now()); return nil } catch { return error }
    }

    @Test func `a payment is told once as one event and heard as a payment of the whole`() async throws {
        let stage = try AlipayStage()
        let payment = try await stage.paid(try stage.attempt())
        let callback = try #require(stage.due().first)
        guard case .keep(let event) = try stage.callbacks.verify(callback, at: stage.time.now()) else { Issue.record("not kept"); return }
        #expect(event.count > 10)
        #expect(try stage.callbacks.read(callback.body) == [.attempt(number: Self.number, .paid(payment, at: stage.time.now()))])
        #expect(payment.amount == Money(amount: 12_345, currency: .yuan) && payment.attempt == EntityID("a1"))
    }

    @Test func `our words are the platform's own seven bytes, and what is set aside is not told again`() throws {
        let stage = try AlipayStage()
        for verdict in [CallbackVerdict.kept, .quarantined] {
            let answer = try stage.callbacks.answer(verdict, at: stage.time.now())
            #expect(answer.status == 200 && answer.body == Array("success".utf8))
        }
        for verdict in [CallbackVerdict.unavailable, .refused(.probe)] {
            #expect(try stage.callbacks.answer(verdict, at: stage.time.now()).body == Array("fail".utf8))
        }
    }

    @Test func `a signature that covers sign_type is as good as one that does not`() async throws {
        let stage = try AlipayStage()
        var fields = try await stage.genuine()
        fields["sign_type"] = "RSA2"
        let text = fields.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
        fields["sign"] = Data(try stage.simulator.signingKey.sign(Array(text.utf8))).base64EncodedString()
        #expect(fault(stage, GatewayCallback(body: form(fields))) == nil)
    }

    @Test(arguments: [true, false]) func `an empty field may have been signed or not`(wasSigned: Bool) async throws {
        let stage = try AlipayStage()
        var fields = try await stage.genuine()
        if wasSigned { fields["body"] = "" }
        let text = fields.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
        fields["body"] = ""
        fields["sign"] = Data(try stage.simulator.signingKey.sign(Array(text.utf8))).base64EncodedString()
        fields["sign_type"] = "RSA2"
        #expect(fault(stage, GatewayCallback(body: form(fields))) == nil)
    }

    private func form(_ fields: [String: String]) -> [UInt8] {
        Array(fields.map { "\($0.key)=\($0.value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")" }.joined(separator: "&").utf8)
    }

    @Test func `spaces at the edges, a passed-back text still encoded and nested JSON are taken as they are`() async throws {
        let stage = try AlipayStage()
        var fields = try await stage.genuine()
        fields["passback_params"] = "a%3D1%26b%3D2"
        fields["body"] = "  两件 +&=\\/ \"¬ify\" "
        fields["never_heard_of"] = "x"
        #expect(fault(stage, stage.signed(fields)) == nil)
    }

    @Test(arguments: [
        ("fund_bill_list", "&quot;"), ("subject", " 两件"), ("total_amount", "123.45 "), ("body", "a b"), ("app_id", "2021"), ("notify_id", "x"),
    ])
    func `what a framework did to a field on the way is seen`(name: String, value: String) async throws {
        let stage = try AlipayStage()
        var fields = try await stage.genuine()
        fields["body"] = "a+b"
        var sent = try AlipayForm(stage.signed(fields).body).fields.map { ($0.name, String(decoding: $0.value, as: UTF8.self)) }
        for index in sent.indices where sent[index].0 == name { sent[index].1 = value }
        let body = sent.map { "\($0.0)=\($0.1.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")" }.joined(separator: "&")
        guard case .forged? = fault(stage, GatewayCallback(body: Array(body.utf8))) else { Issue.record("taken"); return }
    }

    /// What is signed escapes nothing, so a value could be read as its own beginning and a field behind it.
    @Test func `a signature over one set of fields proves no other set`() async throws {
        let stage = try AlipayStage()
        var genuine = try await stage.genuine()
        genuine["subject"] = "Lamp&total_amount=999.00&total_fee="
        let signed = stage.signed(genuine)
        #expect(fault(stage, signed) == .malformed(field: "subject", reason: "holds what could be a field of its own"))
        // The buyer who chose that name takes the text apart otherwise: 999 yuan, of which 0.01 were paid.
        var told: [(String, String)] = try AlipayForm(signed.body).fields.map { ($0.name, String(decoding: $0.value, as: UTF8.self)) }
        told.removeAll { $0.0 == "subject" || $0.0 == "total_amount" }
        let total = genuine["total_amount"] ?? ""
        told += [("subject", "Lamp"), ("total_amount", "999.00"), ("total_fee", "&total_amount=\(total)")]
        #expect(fault(stage, GatewayCallback(body: form(Dictionary(uniqueKeysWithValues: told)))) != nil)
        // One who sees a genuine notification hides a field in the one before it, or in its name.
        var fields = try await AlipayStage().genuine()
        fields = try AlipayForm(stage.signed(fields).body).fields.reduce(into: [:]) { $0[$1.name] = String(decoding: $1.value, as: UTF8.self) }
        let names = fields.keys.filter { !$0.hasPrefix("sign") }.sorted()
        for (name, next) in zip(names, names.dropFirst()) {
            var hidden = fields
            hidden[next] = nil
            hidden[name] = "\(fields[name] ?? "")&\(next)=\(fields[next] ?? "")"
            #expect(fault(stage, GatewayCallback(body: form(hidden))) != nil, "\(next) in \(name)")
            hidden[name] = nil
            let both = "\(name)=\(fields[name] ?? "")&\(next)".addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            hidden[both] = fields[next] ?? ""
            #expect(fault(stage, GatewayCallback(body: form(hidden))) != nil, "\(name) in a name")
        }
    }

    @Test func `nothing forged, cut short or doubled is kept`() async throws {
        let stage = try AlipayStage()
        let fields = try await stage.genuine()
        guard case .forged? = fault(stage, stage.signed(fields, by: stage.simulator.merchantKey)) else { Issue.record("forged"); return }
        let body = stage.signed(fields).body
        for cut in stride(from: 0, to: body.count, by: 23) {
            #expect(fault(stage, GatewayCallback(body: Array(body[..<cut]))) != nil)
        }
        for name in fields.keys {
            #expect(fault(stage, GatewayCallback(body: body + Array("&\(name)=1".utf8))) == .malformed(field: name, reason: "is there twice"))
        }
        #expect(fault(stage, GatewayCallback(method: "GET", body: body)) == .malformed(field: "method", reason: "must be POST"))
        #expect(fault(stage, GatewayCallback(body: body + Array("&x=".utf8) + [UInt8](repeating: 0x41, count: 1 << 17))) != nil)
        #expect(fault(stage, GatewayCallback(body: Array("%ZZ=1&sign=AA".utf8))) != nil)
    }

    @Test(arguments: [("app_id", "2021000000000001"), ("seller_id", "2088000000000000")])
    func `a genuine notification of somebody else is not ours`(name: String, value: String) async throws {
        let stage = try AlipayStage()
        var fields = try await stage.genuine()
        fields[name] = value
        #expect(fault(stage, stage.signed(fields)) == .foreign(field: name, value: value))
    }

    @Test(arguments: ["app_id", "seller_id", "notify_id"]) func `without a name nothing is kept`(name: String) async throws {
        let stage = try AlipayStage()
        var fields = try await stage.genuine()
        fields[name] = nil
        guard case .malformed(let field, _)? = fault(stage, stage.signed(fields)) else { Issue.record("taken"); return }
        #expect(field == name)
    }

    @Test(arguments: ["out_trade_no", "trade_no", "total_amount", "trade_status", "gmt_payment", "notify_type"], ["", "?", "\u{1}", "1e9", "-1.00", "0.001"])
    func `a field that is missing or wrong sets the notification aside`(name: String, value: String) async throws {
        let stage = try AlipayStage()
        var fields = try await stage.genuine()
        fields[name] = value
        let body = stage.signed(fields).body
        // A text of another kind is somebody's other message or number, and changes nothing.
        if name == "notify_type", !value.isEmpty { return #expect(try stage.callbacks.read(body).count == 1) }
        if ["out_trade_no", "trade_no"].contains(name), !["", "\u{1}"].contains(value) { return }
        #expect(throws: ValidationFailure.self) { try stage.callbacks.read(body) }
    }

    @Test func `a notification in GBK is genuine over its own bytes, and read`() async throws {
        let stage = try AlipayStage()
        var fields = try await stage.genuine()
        fields["charset"] = "GBK"
        let body = try PythonPeer.run(
            """
            import sys, json, base64
            from urllib.parse import quote
            from Cryptodome.Hash import SHA256
            from Cryptodome.PublicKey import RSA
            from Cryptodome.Signature import PKCS1_v1_5
            given = json.load(sys.stdin)
            text = '&'.join('{}={}'.format(k, v) for k, v in sorted(given['fields'].items())).encode('gbk')
            sign = base64.b64encode(PKCS1_v1_5.new(RSA.import_key(given['key'])).sign(SHA256.new(text))).decode()
            fields = dict(given['fields'], sign=sign, sign_type='RSA2')
            sys.stdout.write('&'.join(k + '=' + quote(v.encode('gbk'), safe='') for k, v in fields.items()))
            """, [],
            input: (["key": .string(stage.simulator.signingKey.pem.revealed),
                "fields": .object(JSONObject(fields.map { ($0.key, .string($0.value)) }))] as JSON).bytes)
        #expect(fault(stage, GatewayCallback(body: Array(body.utf8))) == nil)
        #expect(try stage.callbacks.read(Array(body.utf8)).count == 1)
    }

    @Test func `a closed trade that was paid is a payment, one that was not is closed`() async throws {
        let stage = try AlipayStage()
        var fields = try await stage.genuine()
        fields["trade_status"] = "TRADE_CLOSED"
        guard case .attempt(_, .paid)? = try stage.callbacks.read(stage.signed(fields).body).first else { Issue.record("not paid"); return }
        for name in ["gmt_payment", "buyer_pay_amount", "receipt_amount"] { fields[name] = nil }
        #expect(try stage.callbacks.read(stage.signed(fields).body) == [.attempt(number: Self.number, .closed)])
        fields["trade_status"] = "WAIT_BUYER_PAY"
        #expect(try stage.callbacks.read(stage.signed(fields).body) == [.attempt(number: Self.number, .open)])
    }

    @Test func `a refund tells the same payment again and our refund, never a second payment`() async throws {
        let stage = try AlipayStage()
        let payment = try await stage.paid(try stage.attempt())
        _ = stage.due()
        for (part, request) in [(4_000, "r1"), (8_345, "r2")] {
            #expect(try await stage.payments.refund(try stage.refund(payment, Int64(part), request), of: AlipayStage.order) == .settled)
            let news = try stage.callbacks.read(try #require(stage.due().first).body)
            #expect(news == [.attempt(number: Self.number, .paid(payment, at: stage.time.now())), .refund(number: "\(AlipayStage.order)-\(request)", .settled)])
        }
    }

    @Test func `a refund by hand in the console is somebody else's`() async throws {
        let stage = try AlipayStage()
        let payment = try await stage.paid(try stage.attempt())
        _ = stage.due()
        _ = try stage.simulator.control("refund", ["number": .string(Self.number), "amount": 500, "request": "HAND-1"])
        let news = try stage.callbacks.read(try #require(stage.due().first).body)
        #expect(news.last == .refundByOthers(transaction: payment.ref.transaction, reference: "HAND-1", amount: Money(amount: 500, currency: .yuan)))
    }

    @Test func `a trade under somebody else's number changes nothing here`() async throws {
        let stage = try AlipayStage()
        var fields = try await stage.genuine()
        fields["out_trade_no"] = "GZ201901301040361012"
        guard case .nothing? = try stage.callbacks.read(stage.signed(fields).body).first else { Issue.record("taken"); return }
    }

    @Test func `a notification comes again by the platform's schedule until it hears success`() async throws {
        let stage = try AlipayStage()
        _ = try await stage.paid(try stage.attempt())
        var waits: [Int64] = []
        for minutes in [Int64(0), 4, 10, 10, 60, 120, 360, 900, 9_999] {
            stage.time.advance(by: .seconds(minutes * 60))
            for callback in stage.simulator.dueCallbacks(at: stage.time.now()) {
                waits.append(minutes)
                stage.simulator.callbackAnswered(callback.id, by: HTTPResponse(status: 200, headers: [], body: Array("success\n".utf8)), at: stage.time.now())
            }
        }
        #expect(waits == [0, 4, 10, 10, 60, 120, 360, 900])
        #expect(try stage.simulator.control("ledger", [:])["callbacks_given_up"] == 1)
    }

    @Test(arguments: ["callback_tampered", "callback_foreign", "callback_other_amount"])
    func `the platform's bad callbacks are refused, or tell what they tell`(dial: String) async throws {
        let stage = try AlipayStage()
        let attempt = try stage.attempt()
        _ = try await stage.open(attempt)
        try stage.dial(dial, 1_000)
        _ = try stage.simulator.control("pay", ["number": .string(Self.number)])
        let callback = try #require(stage.due().first)
        switch (dial, fault(stage, callback)) {
        case ("callback_tampered", .forged?), ("callback_foreign", .foreign?): break
        case ("callback_other_amount", nil):
            guard case .attempt(_, .paid(let payment, _))? = try stage.callbacks.read(callback.body).first else { Issue.record("unread"); return }
            #expect(payment.amount.amount == 12_445)
        default: Issue.record("\(dial): \(String(describing: fault(stage, callback)))")
        }
    }
}
