import ChannelAdapters
import Commerce
import Crypto
import Foundation

/// Says whether a message's signature is good and, where it is not, why.
///
/// The door answers every refusal alike; this is for the person who holds the secret and wants
/// to know what the other side does wrong. It tries the mistakes that are made in practice.
struct SignatureDiagnosis: Hashable, Sendable {
    var isValid: Bool
    var messageID: String?
    /// Seconds since it was signed; negative when its time is ahead.
    var age: Int64?
    /// Which of the secrets fits, from 1.
    var secret: Int?
    /// Each thing that is wrong, the gravest first.
    var reasons: [String] = []
    /// What is right although the whole is not.
    var note: String?

    /// - Parameters:
    ///   - header: Gives the value of a header by its lower-case name.
    ///   - request: `METHOD target`, for a request without a body.
    init(
        body: [UInt8], request: String?, secrets: [Secret], now: Timestamp, tolerance: Duration,
        header: (String) -> String?
    ) throws(SecretFault) {
        isValid = false
        for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] where header(name) == nil {
            let other = header(name.replacing("webhook-", with: "svix-")) != nil
            reasons.append("the header \(name) is missing" + (other ? "; it is there as svix-…, the older name" : ""))
        }
        guard reasons.isEmpty, let id = header("webhook-id"), let stamp = header("webhook-timestamp"),
            let signature = header("webhook-signature")
        else { return }
        messageID = id
        // Bounded, because anybody may send it: all that is reckoned with it stays far from the ends of Int64.
        guard stamp.utf8.count <= 15, stamp.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let seconds = Int64(stamp) else {
            reasons = ["webhook-timestamp is no whole number of seconds"]
            return
        }
        guard seconds < 100_000_000_000 else {
            reasons = ["webhook-timestamp is in milliseconds; seconds are wanted"]
            return
        }
        age = now.milliseconds / 1_000 - seconds
        reasons += SignatureDiagnosis.ageFault(seconds, now, tolerance)
        let payload = body.isEmpty ? Array((request ?? "").utf8) : body
        let signed = Signed(id: id, stamp: stamp, signatures: SignatureDiagnosis.codes(signature))
        for (index, secret) in secrets.enumerated() where self.secret == nil {
            let door = try StandardWebhooks(secrets: [secret])
            do throws(SignatureFault) {
                // As if it had come when it was signed: whether the signature fits does not depend on its age.
                try door.verify(payload: payload, at: Timestamp(milliseconds: seconds * 1_000), header: header)
                self.secret = index + 1
            } catch {
                guard case .malformed(let name) = error else { continue }
                reasons.append("the header \(name) is malformed: 1 to 256 visible ASCII characters without a dot are wanted")
                return
            }
        }
        if self.secret == nil {
            reasons.append(signed.mistake(payload, hasBody: !body.isEmpty, secrets) ?? SignatureDiagnosis.unknown(signature))
        }
        if self.secret != nil, !reasons.isEmpty { note = "the signature itself fits secret \(self.secret ?? 0)" }
        isValid = reasons.isEmpty
    }

    private static func ageFault(_ seconds: Int64, _ now: Timestamp, _ tolerance: Duration) -> [String] {
        let late = now.milliseconds - seconds * 1_000
        let limit = tolerance.milliseconds / 1_000
        if late > tolerance.milliseconds {
            return ["webhook-timestamp is \(late / 1_000) s ago, \((late - tolerance.milliseconds + 999) / 1_000) s more than the \(limit) s allowed"]
        }
        if -late > tolerance.milliseconds {
            return ["webhook-timestamp is \(-late / 1_000) s ahead, \((-late - tolerance.milliseconds + 999) / 1_000) s more than the \(limit) s allowed: one of the clocks is wrong"]
        }
        return []
    }

    private static func unknown(_ signature: String) -> String {
        guard signature.split(separator: " ").contains(where: { $0.hasPrefix("v1,") }) else {
            return "webhook-signature holds no v1 signature: it must be v1, and base64"
        }
        return "no signature fits: another secret signed it, or the body, webhook-id or webhook-timestamp was altered since"
    }

    /// Every code in the header that is 32 bytes in some spelling.
    private static func codes(_ header: String) -> [(code: [UInt8], isHex: Bool)] {
        header.split(separator: " ").compactMap { word in
            let text = word.drop { $0 != "," && $0 != "=" }.dropFirst()
            let bare = text.isEmpty ? word : text
            if bare.utf8.count == 64, let bytes = hex(bare) { return (bytes, true) }
            let plain = bare.replacing("-", with: "+").replacing("_", with: "/")
            let padded = plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)
            return Data(base64Encoded: String(padded)).map { ([UInt8]($0), false) }
        }
    }

    private static func hex(_ text: Substring) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = text
        while rest.count >= 2 {
            guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return rest.isEmpty ? bytes : nil
    }
}
