package import ChannelAdapters
package import Commerce
import Foundation
import Synchronization

/// Alipay as merchants meet it: `gateway.do`, notifications, statements, and books of its own.
///
/// It makes both sides' keys when it is made; ``account(_:callbackURL:settings:)`` gives the merchant's half away.
package final class AlipaySimulator: GatewaySimulator {
    package enum Mode: Sendable { case keys, certificates }

    package static let appID = "2021001161683774"
    package static let sellerID = "2088831204659217"

    let surroundings: Surroundings
    let books: Mutex<AlipayBooks>
    let host: String
    let contentKey: [UInt8]?

    /// - Parameters:
    ///   - host: as it stands in addresses of statements.
    ///   - encrypts: whether contents are encrypted, too.
    ///   - spareKeys: keys made beforehand; with any, a rotation takes the next of them, round and round, and makes none.
    package init(
        _ mode: Mode = .keys, surroundings: Surroundings, host: String = "openapi.alipay.com", encrypts: Bool = false, spareKeys: Int = 0
    ) throws {
        self.surroundings = surroundings
        self.host = host
        contentKey = encrypts ? (0..<16).map { _ in UInt8(truncatingIfNeeded: surroundings.random.next()) } : nil
        books = Mutex(
            AlipayBooks(keys: try AlipayPlatformKeys(certified: mode == .certificates, spare: spareKeys, at: surroundings.time.now())))
    }

    /// A platform with books of its own and the keys of another: making keys takes longer than all else.
    ///
    /// - Parameter host: the other's when left out.
    package init(keysOf other: AlipaySimulator, surroundings: Surroundings, host: String? = nil, encrypts: Bool = false) {
        self.surroundings = surroundings
        self.host = host ?? other.host
        contentKey = encrypts ? (0..<16).map { _ in UInt8(truncatingIfNeeded: surroundings.random.next()) } : nil
        books = Mutex(AlipayBooks(keys: other.books.withLock(\.keys)))
    }

    /// An account whose settings and secrets fit this platform.
    package func account(_ id: ChannelID, callbackURL: String? = nil, settings: [String: String] = [:]) -> GatewayAccount {
        let keys = books.withLock(\.keys)
        var secrets: [String: [Secret]] = ["app_private_key": [keys.merchant.pem]]
        if let app = keys.app, let root = keys.root {
            secrets["app_certificate"] = [Secret(app.pem)]
            secrets["alipay_root_certificate"] = [Secret(root.pem)]
            secrets["alipay_certificates"] = keys.own.map { Secret($0.chain) }
        } else {
            secrets["alipay_public_keys"] = keys.own.map { Secret($0.key.publicKey.pem) }
        }
        if let contentKey { secrets["content_key"] = [Secret(Data(contentKey).base64EncodedString())] }
        let own = ["app_id": AlipaySimulator.appID, "seller_id": AlipaySimulator.sellerID, "endpoint": "https://\(host)/gateway.do"]
        return GatewayAccount(
            id: id, kind: .alipay, settings: own.merging(settings) { _, given in given }, secrets: secrets, callbackURL: callbackURL)
    }

    /// What the platform signs with now, for tests that forge and check.
    package var signingKey: RSAPrivateKey { books.withLock(\.keys.signing.key) }
    package var merchantKey: RSAPrivateKey { books.withLock(\.keys.merchant) }

    package func respond(to request: SimulatedRequest) -> SimulatedOutcome {
        let now = surroundings.time.now()
        return books.withLock { books in
            if books.dials.dark { return .refused }
            books.settle(at: now)
            if request.path.hasPrefix("/downloadBillFile") { return AlipaySimulator.file(request, &books, now) }
            guard request.path == "/gateway.do" else { return .answered(HTTPResponse(status: 404, headers: [], body: [])) }
            let fields = AlipayWire.fields(request.query).merging(AlipayWire.fields(String(decoding: request.body, as: UTF8.self))) { _, later in later }
            let method = fields["method"] ?? ""
            if ["alipay.trade.page.pay", "alipay.trade.wap.pay"].contains(method) { return visit(fields, &books, now) }
            return called(method, fields, &books, now)
        }
    }

    private func called(_ method: String, _ fields: [String: String], _ books: inout AlipayBooks, _ now: Timestamp) -> SimulatedOutcome {
        let dials = books.dials
        if chance(dials.dropBefore) { return .dropped }
        if chance(dials.failBefore) { return .answered(HTTPResponse(status: 502, headers: [], body: Array("<html>502 Bad Gateway</html>".utf8))) }
        let content: JSON
        var isSigned = true
        if chance(dials.throttle) {
            content = AlipaySimulator.failure("40006", "Insufficient Permissions", "isv.app-call-limited", "应用调用次数超限")
        } else if chance(dials.failInBody) {
            content = AlipaySimulator.failure("20000", "Service Currently Unavailable", "isp.unknow-error", "系统繁忙")
        } else if let refusal = refusal(fields, books, now) {
            (content, isSigned) = (refusal, false)
        } else {
            content = perform(method, fields, &books, now)
        }
        if chance(dials.dropAfter) { return .dropped }
        if chance(dials.failAfter) { return .answered(HTTPResponse(status: 504, headers: [], body: Array("<html>504 Gateway Time-out</html>".utf8))) }
        return .answered(answer(method, content, isSigned: isSigned, books))
    }

    /// Writes an answer as the platform does: slashes escaped, and the signature over the very bytes of the content.
    private func answer(_ method: String, _ content: JSON, isSigned: Bool, _ books: AlipayBooks) -> HTTPResponse {
        var text = content.text.replacing("/", with: "\\/")
        if isSigned, let contentKey {
            do { text = "\"\(try AlipayWire.sealed(content.text, contentKey))\"" } catch { return HTTPResponse(status: 500, headers: [], body: []) }
        }
        let name = method.isEmpty ? "error_response" : method.replacing(".", with: "_") + "_response"
        var body = "{\"\(name)\":\(text)"
        if isSigned {
            let own = books.keys.signing
            if let serial = own.serial { body += ",\"alipay_cert_sn\":\"\(serial)\"" }
            body += ",\"sign\":\"\(AlipayWire.signature(Array(text.utf8), own.key))\""
        }
        return HTTPResponse(status: 200, headers: [("content-type", "text/html;charset=utf-8")], body: Array((body + "}").utf8))
    }

    func chance(_ perMille: Int) -> Bool { perMille > 0 && surroundings.random.next() % 1_000 < UInt64(perMille) }

    static func failure(_ code: String, _ words: String, _ subCode: String, _ subWords: String) -> JSON {
        ["code": .string(code), "msg": .string(words), "sub_code": .string(subCode), "sub_msg": .string(subWords)]
    }

    static func refused(_ subCode: String, _ words: String) -> JSON { failure("40004", "Business Failed", subCode, words) }

    static func yuan(_ fen: Int64) -> JSON { .string(Money(amount: fen, currency: .yuan).decimal) }

    static func fen(_ text: String?) -> Int64? {
        guard let text else { return nil }
        do throws(MoneyError) { return try Money(parsing: text, currency: .yuan).amount } catch { return nil }
    }
}
