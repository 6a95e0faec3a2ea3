package import Commerce
import Crypto

/// Signs and checks bodies as Stripe does: `t=<seconds>,v1=<hex>` over `<seconds>.<body>`.
///
/// The key is the whole text of the secret, `whsec_` included; Standard Webhooks, which looks alike, decodes what follows
/// it instead. While a secret is changed Stripe signs with both, so any `v1` may fit any secret; other schemes are not
/// looked at (https://docs.stripe.com/webhooks).
package struct StripeSignature: Sendable {
    package static let header = "stripe-signature"
    /// More than any rotation needs; the rest of a longer header is not looked at.
    private static let signaturesMax = 16

    private let keys: [SymmetricKey]
    private let tolerance: Duration

    package init(secrets: [Secret], tolerance: Duration) {
        keys = secrets.map { SymmetricKey(data: Array($0.revealed.utf8)) }
        self.tolerance = tolerance
    }

    /// The header's value for a body, by every secret.
    package func sign(_ body: [UInt8], at now: Timestamp) -> String {
        let seconds = String(now.milliseconds / 1_000)
        let codes = keys.map { key in
            let code = HMAC<SHA256>.authenticationCode(for: Array("\(seconds).".utf8) + body, using: key)
            return ",v1=" + code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        return "t=\(seconds)" + codes.joined()
    }

    /// Stripe's own clients bound the past only. The future is bounded alike here: a header that is good for years is no proof of freshness.
    package func verify(_ body: [UInt8], header: String?, at now: Timestamp) throws(CallbackFault) {
        guard let header else { throw .malformed(field: StripeSignature.header, reason: "is missing") }
        guard header.utf8.count <= 4_096 else { throw .malformed(field: StripeSignature.header, reason: "is too long") }
        var seconds: Substring?
        var codes: [[UInt8]] = []
        for item in header.split(separator: ",") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw .malformed(field: StripeSignature.header, reason: "has a part that is no pair") }
            let name = parts[0].drop { $0 == " " }
            if name == "t", seconds == nil { seconds = parts[1] }
            if name == "v1", codes.count < StripeSignature.signaturesMax { codes.append(StripeSignature.bytes(parts[1])) }
        }
        guard let seconds, (1...12).contains(seconds.utf8.count), seconds.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let stamp = Int64(seconds)
        else { throw .malformed(field: StripeSignature.header, reason: "has no time") }
        guard !codes.isEmpty else { throw .malformed(field: StripeSignature.header, reason: "has no signature of the scheme v1") }
        // One pass over the body for each secret, however many signatures a stranger lists.
        let content = Array("\(seconds).".utf8) + body
        let expected = keys.map { HMAC<SHA256>.authenticationCode(for: content, using: $0) }
        var isOurs = false
        // Compared in constant time, which is what `==` of an authentication code is.
        for code in codes { for one in expected where one == code { isOurs = true } }
        guard isOurs else { throw .forged(reason: "no signature matches the body") }
        let age = now - Timestamp(milliseconds: stamp * 1_000)
        guard age <= tolerance, age >= .zero - tolerance else { throw .stale(by: age) }
    }

    /// 32 bytes of 64 hexadecimal digits; none for anything else, which no code is equal to.
    private static func bytes(_ text: Substring) -> [UInt8] {
        let digits = Array(text.utf8)
        guard digits.count == 64 else { return [] }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: 64, by: 2) {
            guard let high = value(digits[index]), let low = value(digits[index + 1]) else { return [] }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }
}
