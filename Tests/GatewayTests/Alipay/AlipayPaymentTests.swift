import ChannelAdapters
import ChannelSimulators
import Commerce
import Foundation
import Testing
import TestKit

@Suite struct AlipayPaymentTests {
    private static let number = "\(AlipayStage.order)-a1"

    @Test(arguments: ["page", "wap", "app", "qr", "create"], [AlipaySimulator.Mode.keys, .certificates])
    func `each way leads to a payment`(way: String, mode: AlipaySimulator.Mode) async throws {
        let stage = try AlipayStage(mode)
        let payment = try await stage.paid(try stage.attempt(way: way))
        #expect(payment.amount == Money(amount: 12_345, currency: .yuan))
        #expect(try stage.booked()["captured"] == 12_345)
    }

    @Test func `with encrypted contents each side reads the other`() async throws {
        let stage = try AlipayStage(encrypts: true)
        let payment = try await stage.paid(try stage.attempt(way: "qr"))
        #expect(try await stage.payments.refund(try stage.refund(payment, 45), of: AlipayStage.order) == .settled)
    }

    @Test func `the usual way is the account's`() async throws {
        let stage = try AlipayStage(settings: ["way": "wap"])
        let opening = try await stage.open(try stage.attempt(way: nil))
        #expect(opening["way"] == "wap")
        #expect(opening["url"]?.string?.contains("QUICK_WAP_PAY") == true)
        #expect(opening["url"]?.string?.contains("return_url=https%3A%2F%2Fmall.example%2Fback") == true)
        #expect(opening["url"]?.string?.contains("notify_url=https%3A%2F%2Fmall.example") == true)
    }

    @Test func `what Alipay cannot take is refused before anything is sent`() async throws {
        let stage = try AlipayStage()
        try stage.dial("dark", true)
        var attempt = PaymentAttempt(id: try #require(EntityID("a1")), gateway: "alipay", amount: Money(amount: 1, currency: try #require(Currency("USD"))))
        guard case .refused = try await stage.payments.open(attempt, of: AlipayStage.order) else { Issue.record("currency"); return }
        attempt = try stage.attempt(fen: 0)
        guard case .refused = try await stage.payments.open(attempt, of: AlipayStage.order) else { Issue.record("nothing"); return }
        attempt = try stage.attempt(way: "barter")
        guard case .refused = try await stage.payments.open(attempt, of: AlipayStage.order) else { Issue.record("way"); return }
    }

    @Test(arguments: ["page", "wap", "app", "qr"])
    func `what nobody began is open until its end, and closed only after the margin`(way: String) async throws {
        let stage = try AlipayStage()
        let attempt = try stage.attempt(way: way)
        let opening = try await stage.open(attempt)
        #expect(try await stage.payments.close(attempt, of: AlipayStage.order) == .open)
        stage.time.advance(by: .seconds(30 * 60 + 60))
        #expect(try await stage.payments.close(attempt, of: AlipayStage.order) == .open)
        stage.time.advance(by: .seconds(61))
        #expect(try await stage.payments.ask(attempt, of: AlipayStage.order) == .closed)
        #expect(try await stage.payments.close(attempt, of: AlipayStage.order) == .closed)
        #expect(throws: ValidationFailure.self) { try stage.simulator.control("pay", opening) }
        #expect(throws: AlipayStage.Missing.self) { try stage.booked() }
    }

    @Test func `an attempt without an end never counts as closed before it was begun`() async throws {
        let stage = try AlipayStage()
        let attempt = try stage.attempt(way: "page", minutes: nil)
        let opening = try await stage.open(attempt)
        stage.time.advance(by: .seconds(10_000_000))
        #expect(try await stage.payments.close(attempt, of: AlipayStage.order) == .open)
        stage.time.advance(by: .seconds(-10_000_000))
        _ = try stage.simulator.control("pay", opening)
        guard case .paid = try await stage.payments.close(attempt, of: AlipayStage.order) else { Issue.record("lost"); return }
    }

    @Test func `a page that was begun is closed for good`() async throws {
        let stage = try AlipayStage()
        let attempt = try stage.attempt(way: "page")
        let opening = try await stage.open(attempt)
        let query = try #require(opening["url"]?.string?.split(separator: "?").last)
        _ = stage.simulator.respond(to: SimulatedRequest(method: "GET", target: "/gateway.do?\(query)", headers: [], body: []))
        #expect(try await stage.payments.close(attempt, of: AlipayStage.order) == .closed)
        #expect(throws: ValidationFailure.self) { try stage.simulator.control("pay", opening) }
    }

    @Test func `a payment of another amount is told as what it is`() async throws {
        let stage = try AlipayStage()
        let attempt = try stage.attempt()
        _ = try await stage.open(attempt)
        _ = try stage.simulator.control("pay", ["number": .string(Self.number), "amount": 12_344])
        guard case .paid(let payment, _) = try await stage.payments.ask(attempt, of: AlipayStage.order) else { Issue.record("lost"); return }
        #expect(payment.amount.amount == 12_344)
    }

    @Test func `a finished trade was paid`() async throws {
        let stage = try AlipayStage()
        let payment = try await stage.paid(try stage.attempt())
        _ = try stage.simulator.control("finish", ["number": .string(Self.number)])
        guard case .paid(payment, _) = try await stage.payments.ask(try stage.attempt(), of: AlipayStage.order) else { Issue.record("lost"); return }
        guard case .refused = try await stage.payments.refund(try stage.refund(payment, 1), of: AlipayStage.order) else { Issue.record("refund"); return }
    }

    @Test(arguments: [AlipaySimulator.Mode.keys, .certificates]) func `after Alipay changed its key only what is proven counts`(mode: AlipaySimulator.Mode) async throws {
        let stage = try AlipayStage(mode)
        let attempt = try stage.attempt()
        _ = try await stage.open(attempt)
        _ = try stage.simulator.control("rotate", [:])
        let news = try await stage.payments.ask(attempt, of: AlipayStage.order)
        switch mode {
        case .keys: guard case .unknown = news else { Issue.record("\(news)"); return }
        case .certificates: #expect(news == .open)
        }
        let again = try Gateway(
            stage.simulator.account(try #require(ChannelID("alipay"))), transport: GatewayNetwork(["openapi.alipay.com": stage.simulator]),
            surroundings: stage.surroundings)
        #expect(await again.payments?.ask(attempt, of: AlipayStage.order) == .open)
    }

    @Test func `a notification under a certificate nobody knows comes again, and is taken after the next question`() async throws {
        let stage = try AlipayStage(.certificates)
        let attempt = try stage.attempt()
        _ = try await stage.open(attempt)
        _ = try stage.simulator.control("rotate", [:])
        _ = try stage.simulator.control("pay", ["number": .string(Self.number)])
        let callback = try #require(stage.due().first)
        #expect(throws: CallbackFault.unknownKey("it was signed with the key of a certificate that is not known here yet")) {
            try stage.callbacks.verify(callback, at: stage.time.now())
        }
        _ = try await stage.payments.ask(attempt, of: AlipayStage.order)
        #expect(throws: Never.self) { try stage.callbacks.verify(callback, at: stage.time.now()) }
    }

    /// A platform that is none: it signs a payment with a key of its own making, and offers a certificate for it.
    private struct Impostor: HTTPTransport {
        let key: RSAPrivateKey
        let chain: String
        let number: String

        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            let isDownload = String(decoding: request.body ?? [], as: UTF8.self).contains("alipaycert.download")
            let name = isDownload ? "alipay_open_app_alipaycert_download" : "alipay_trade_query"
            let content: JSON = isDownload
                ? ["code": "10000", "alipay_cert_content": .string(Data(chain.utf8).base64EncodedString())]
                : ["code": "10000", "out_trade_no": .string(number), "trade_no": "1", "total_amount": "123.45", "trade_status": "TRADE_SUCCESS",
                    "send_pay_date": "2026-12-01 09:30:00"]
            var signature = ""
            do { signature = Data(try key.sign(content.bytes)).base64EncodedString() } catch { throw .cancelled }
            let serial = AlipayCertificate.all(in: chain).first?.serial ?? ""
            let body = "{\"\(name)_response\":\(content.text),\"alipay_cert_sn\":\"\(serial)\",\"sign\":\"\(signature)\"}"
            return HTTPResponse(status: 200, headers: [], body: Array(body.utf8))
        }
    }

    @Test func `a certificate whose chain ends at nobody we trust makes no payment`() async throws {
        let id = try #require(ChannelID("alipay"))
        let impostor = try AlipaySimulator(.certificates, surroundings: .still())
        // Another serial than the one the account knows, or nothing would be fetched at all.
        _ = try impostor.control("rotate", [:])
        let chain = try #require(impostor.account(id).secrets["alipay_certificates"]?.last)
        let transport = Impostor(key: impostor.signingKey, chain: chain.revealed, number: Self.number)
        let stage = try AlipayStage(.certificates, transport: { _ in transport })
        guard case .unknown = try await stage.payments.ask(try stage.attempt(), of: AlipayStage.order) else { Issue.record("believed"); return }
    }

    /// Hands on, and puts another text in the place of each answer.
    private struct Spoiling: HTTPTransport {
        let network: GatewayNetwork
        let spoil: @Sendable (String) -> String
        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            let answer = try await network.send(request)
            return HTTPResponse(status: answer.status, headers: answer.headers, body: Array(spoil(String(decoding: answer.body, as: UTF8.self)).utf8))
        }
    }

    @Test(arguments: [
        { $0.replacing("WAIT_BUYER_PAY", with: "TRADE_SUCCESS") }, { $0.replacing("\"sign\":\"", with: "\"sign\":\"AAAA") },
        { $0.replacing("\"sign\"", with: "\"sigh\"") }, { $0.replacing("trade_query_response", with: "trade_close_response") },
        { String($0.dropLast(3)) }, { $0.replacing(":{\"", with: ": {\"") + " x" }, { _ in "" }, { _ in "<html>" }, { $0.replacing("\\/", with: "/") + "," },
    ] as [@Sendable (String) -> String])
    func `an answer that was altered on the way says nothing`(spoil: @escaping @Sendable (String) -> String) async throws {
        let stage = try AlipayStage(transport: { Spoiling(network: GatewayNetwork(["openapi.alipay.com": $0]), spoil: spoil) })
        let attempt = try stage.attempt()
        _ = try await stage.payments.open(attempt, of: AlipayStage.order)
        guard case .unknown = try await stage.payments.ask(attempt, of: AlipayStage.order) else { Issue.record("believed"); return }
    }

    @Test func `undoing closes what is unpaid, and sends back what is paid`() async throws {
        let stage = try AlipayStage()
        let attempt = try stage.attempt()
        _ = try await stage.open(attempt)
        let payments = try #require(stage.gateway.payments as? AlipayPayments)
        #expect(await payments.undo(attempt, of: AlipayStage.order) == .closed)
        let other = try stage.attempt("a2")
        _ = try await stage.paid(other)
        guard case .paid = await payments.undo(other, of: AlipayStage.order) else { Issue.record("unknown"); return }
        #expect(try stage.booked("\(AlipayStage.order)-a2")["refunded"] == 12_345)
    }
}
