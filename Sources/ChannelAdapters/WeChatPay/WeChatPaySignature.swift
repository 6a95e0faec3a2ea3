import Commerce
import Foundation

/// What the platform signed, as the headers of an answer or a callback say.
package struct WeChatPaySignature: Sendable {
    package let seconds: Int64
    package let serial: PlatformSerial
    private let stamp: String
    private let nonce: String
    private let signature: [UInt8]

    package enum Fault: Error, Hashable, Sendable {
        case missing(String)
        case malformed(String, String)
        /// The platform tries whether signatures are looked at.
        case probe
        case stale(Duration)
        case unknownKey(String)
        case mismatch

        package var reason: String {
            switch self {
            case .missing(let header): "the header \(header) is missing"
            case .malformed(let header, let reason): "the header \(header) \(reason)"
            case .probe: "the signature is a probe"
            case .stale(let age): "the signature is \(age.milliseconds / 1_000) s old"
            case .unknownKey(let serial): "no key is known by the serial \(serial)"
            case .mismatch: "the signature does not fit"
            }
        }
    }

    private static let probe = "WECHATPAY/SIGNTEST/"
    private static let type = "WECHATPAY2-SHA256-RSA2048"

    /// Reads the headers; nothing is verified yet.
    package init(_ headers: [(name: String, value: String)]) throws(Fault) {
        func one(_ name: String) throws(Fault) -> String {
            let values = headers.filter { $0.name == name }
            guard let first = values.first, !first.value.isEmpty else { throw .missing(name) }
            guard values.count == 1 else { throw .malformed(name, "comes \(values.count) times") }
            guard first.value.utf8.count <= 1_024 else { throw .malformed(name, "is too long") }
            return first.value
        }
        let text = try one("wechatpay-signature")
        guard !text.hasPrefix(WeChatPaySignature.probe) else { throw .probe }
        stamp = try one("wechatpay-timestamp")
        nonce = try one("wechatpay-nonce")
        let name = try one("wechatpay-serial")
        guard WeChatPayMembers.isCode(name, max: 64) else { throw .malformed("wechatpay-serial", "is no serial number") }
        serial = PlatformSerial(name)
        if headers.contains(where: { $0.name == "wechatpay-signature-type" }),
            try one("wechatpay-signature-type") != WeChatPaySignature.type
        {
            throw .malformed("wechatpay-signature-type", "is not \(WeChatPaySignature.type)")
        }
        guard (1...12).contains(stamp.utf8.count), stamp.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(stamp) else {
            throw .malformed("wechatpay-timestamp", "is no number of seconds")
        }
        seconds = number
        guard let bytes = WeChatPayCipher.base64(text) else { throw .malformed("wechatpay-signature", "is not base64") }
        signature = bytes
    }

    /// Proves that the platform signed these bytes lately; exactly as old as the tolerance is too old.
    func verify(_ body: [UInt8], with ring: PlatformKeyRing, tolerance: Duration, at now: Timestamp) throws(Fault) {
        let age = Duration.seconds(now.milliseconds / 1_000 - seconds)
        guard age < tolerance, .zero - age < tolerance else { throw .stale(age) }
        guard let key = ring.key(serial, at: now) else { throw .unknownKey(String(serial.description.prefix(64))) }
        guard key.key.verifies(signature, of: WeChatPaySignature.message(stamp, nonce, body)) else { throw .mismatch }
    }

    package static func message(_ stamp: String, _ nonce: String, _ body: [UInt8]) -> [UInt8] {
        Array("\(stamp)\n\(nonce)\n".utf8) + body + [0x0A]
    }
}

extension WeChatPayAccount {
    /// The value of `Authorization` for a request.
    ///
    /// - Parameter target: path and query exactly as they go over the wire.
    func authorization(_ method: String, _ target: String, _ body: [UInt8], nonce: String, at now: Timestamp) throws(RSAKeyFault) -> String {
        let stamp = String(now.milliseconds / 1_000)
        let signature = try signed(Array("\(method)\n\(target)\n\(stamp)\n\(nonce)\n".utf8) + body + [0x0A])
        return "WECHATPAY2-SHA256-RSA2048 mchid=\"\(merchant)\",nonce_str=\"\(nonce)\",timestamp=\"\(stamp)\","
            + "serial_no=\"\(serial)\",signature=\"\(signature)\""
    }

    /// What a client hands to the wallet to pay what was opened under a prepay id.
    func parameters(_ way: WeChatPayWay, app: String, prepay: String, nonce: String, at now: Timestamp) throws(RSAKeyFault) -> JSON {
        let stamp = String(now.milliseconds / 1_000)
        if way == .app {
            let sign = try signed(Array("\(app)\n\(stamp)\n\(nonce)\n\(prepay)\n".utf8))
            return .object(JSONObject([
                ("way", .string(way.rawValue)), ("appid", .string(app)), ("partnerid", .string(merchant)), ("prepayid", .string(prepay)),
                ("package", "Sign=WXPay"), ("noncestr", .string(nonce)), ("timestamp", .string(stamp)), ("sign", .string(sign)),
            ]))
        }
        let package = "prepay_id=\(prepay)"
        let sign = try signed(Array("\(app)\n\(stamp)\n\(nonce)\n\(package)\n".utf8))
        return .object(JSONObject([
            ("way", .string(way.rawValue)), ("appId", .string(app)), ("timeStamp", .string(stamp)), ("nonceStr", .string(nonce)),
            ("package", .string(package)), ("signType", "RSA"), ("paySign", .string(sign)),
        ]))
    }

    private func signed(_ message: [UInt8]) throws(RSAKeyFault) -> String { Data(try key.sign(message)).base64EncodedString() }
}

extension Surroundings {
    /// 32 characters out of `0-9A-F`.
    func nonce() -> String {
        (0..<2).map { _ in
            let text = String(random.next(), radix: 16, uppercase: true)
            return String(repeating: "0", count: 16 - text.utf8.count) + text
        }.joined()
    }
}
