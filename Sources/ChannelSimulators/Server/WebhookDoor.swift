import Crypto
import Foundation

/// Checks and makes Standard Webhooks signatures, written apart from the hub's own.
///
/// https://github.com/standard-webhooks/standard-webhooks: HMAC-SHA256 over
/// `id.timestamp.payload`, base64, several after one another while secrets rotate.
package struct WebhookDoor: Sendable {
    /// Seconds that the two clocks may be apart.
    package static let window: Int64 = 300

    private let keys: [SymmetricKey]

    /// - Parameter secrets: `whsec_` and base64; the first signs, all verify.
    /// - Returns: nil when there is none, or one is not of that form.
    package init?(secrets: [String]) {
        var keys: [SymmetricKey] = []
        for secret in secrets {
            guard secret.hasPrefix("whsec_"), let bytes = Data(base64Encoded: String(secret.dropFirst(6))), !bytes.isEmpty
            else { return nil }
            keys.append(SymmetricKey(data: bytes))
        }
        guard !keys.isEmpty else { return nil }
        self.keys = keys
    }

    /// What is signed: the body, or for a request without one its method and target as sent.
    package static func payload(method: String, target: String, body: [UInt8]) -> [UInt8] {
        body.isEmpty ? Array("\(method) \(target)".utf8) : body
    }

    /// Says in words why a request is not let in; nil lets it in.
    ///
    /// - Parameter now: Seconds since 1970, by this side's clock.
    package func objection(
        id: String?, timestamp: String?, signature: String?, payload: [UInt8], now: Int64
    ) -> String? {
        guard let id, !id.isEmpty, let timestamp, let seconds = Int64(timestamp), let signature else {
            return "webhook-id, webhook-timestamp or webhook-signature is missing"
        }
        guard abs(seconds - now) <= WebhookDoor.window else {
            return "webhook-timestamp is more than \(WebhookDoor.window) seconds away"
        }
        let message = WebhookDoor.message(id: id, timestamp: timestamp, payload: payload)
        for part in signature.split(separator: " ").prefix(16) where part.hasPrefix("v1,") {
            guard let code = Data(base64Encoded: String(part.dropFirst(3))) else { continue }
            let fits = keys.contains { HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: message, using: $0) }
            if fits { return nil }
        }
        return "no signature fits"
    }

    /// The headers of a signed request.
    package func headers(id: String, now: Int64, payload: [UInt8]) -> [(name: String, value: String)] {
        let message = WebhookDoor.message(id: id, timestamp: String(now), payload: payload)
        let code = Data(HMAC<SHA256>.authenticationCode(for: message, using: keys[0])).base64EncodedString()
        return [("webhook-id", id), ("webhook-timestamp", String(now)), ("webhook-signature", "v1,\(code)")]
    }

    private static func message(id: String, timestamp: String, payload: [UInt8]) -> [UInt8] {
        Array("\(id).\(timestamp).".utf8) + payload
    }
}
