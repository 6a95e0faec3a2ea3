package import Commerce
import Crypto
import Foundation

/// Signs and checks messages as Standard Webhooks 1.0 says.
///
/// The first secret signs; every secret verifies. To rotate, put the new one first,
/// give it to the other side, and take the old one away when nobody signs with it.
///
/// A request without a body has the payload `METHOD target`, so that the signature
/// says what was asked for; see ``payload(method:target:body:)``.
package struct StandardWebhooks: Sendable {
    /// How far apart the clocks of both sides may be, either way, unless said otherwise.
    package static let toleranceSeconds: Int64 = 300
    /// More signatures than any rotation needs; the rest of a longer header is not looked at.
    private static let signaturesMax = 16

    private let keys: [SymmetricKey]
    /// To the millisecond.
    private let tolerance: Duration

    /// - Parameter secrets: `whsec_` and base64 of 24 to 64 bytes each, at least one;
    ///   the prefix and the padding may be missing.
    package init(
        secrets: [Secret], tolerance: Duration = .seconds(StandardWebhooks.toleranceSeconds)
    ) throws(SecretFault) {
        guard !secrets.isEmpty else { throw SecretFault(index: 0, reason: "no secret is given") }
        var keys: [SymmetricKey] = []
        for (index, secret) in secrets.enumerated() {
            let text = secret.revealed.hasPrefix("whsec_") ? secret.revealed.dropFirst(6) : secret.revealed[...]
            guard let bytes = StandardWebhooks.base64(text) else {
                throw SecretFault(index: index, reason: "the part after whsec_ is not base64")
            }
            guard (24...64).contains(bytes.count) else {
                throw SecretFault(index: index, reason: "has \(bytes.count) bytes; 24 to 64 are needed")
            }
            keys.append(SymmetricKey(data: bytes))
        }
        self.keys = keys
        self.tolerance = tolerance
    }

    /// What is signed: the body as it is on the wire, or method and target without one.
    package static func payload(method: String, target: String, body: [UInt8]?) -> [UInt8] {
        guard let body, !body.isEmpty else { return Array("\(method) \(target)".utf8) }
        return body
    }

    /// The three headers for a message.
    ///
    /// - Parameter id: The same for every attempt at the same message.
    package func sign(
        id: String, at time: Timestamp, payload: [UInt8]
    ) throws(SignatureFault) -> [(name: String, value: String)] {
        guard StandardWebhooks.isIdentifier(id) else { throw .malformed(header: "webhook-id") }
        let seconds = String(time.milliseconds / 1_000)
        let code = HMAC<SHA256>.authenticationCode(for: content(id, seconds, payload), using: keys[0])
        return [
            ("webhook-id", id), ("webhook-timestamp", seconds),
            ("webhook-signature", "v1," + Data(code).base64EncodedString()),
        ]
    }

    /// Accepts a message or says why not; takes the same time whichever secret fits.
    ///
    /// - Parameter header: Gives the value of a header by its lower-case name.
    /// - Returns: The message's id, by which a repeated one is known.
    @discardableResult
    package func verify(
        payload: [UInt8], at now: Timestamp, header: (String) -> String?
    ) throws(SignatureFault) -> String {
        try verify("v1,", at: now, header) { id, seconds in content(id, seconds, payload) }
    }

    /// Signs a request whole: what is asked, for whom and how, besides the body.
    package func sign(
        _ request: SignedRequest, id: String, at time: Timestamp
    ) throws(SignatureFault) -> [(name: String, value: String)] {
        guard StandardWebhooks.isIdentifier(id) else { throw .malformed(header: "webhook-id") }
        let seconds = String(time.milliseconds / 1_000)
        let code = HMAC<SHA256>.authenticationCode(for: request.text(id: id, seconds: seconds), using: keys[0])
        return [
            ("webhook-id", id), ("webhook-timestamp", seconds),
            ("webhook-signature", SignedRequest.version + Data(code).base64EncodedString()),
        ]
    }

    /// As ``verify(payload:at:header:)``, for a request that was signed whole.
    @discardableResult
    package func verify(
        _ request: SignedRequest, at now: Timestamp, header: (String) -> String?
    ) throws(SignatureFault) -> String {
        try verify(SignedRequest.version, at: now, header) { id, seconds in request.text(id: id, seconds: seconds) }
    }

    private func verify(
        _ version: String, at now: Timestamp, _ header: (String) -> String?, _ text: (String, String) -> [UInt8]
    ) throws(SignatureFault) -> String {
        guard let id = header("webhook-id") else { throw .missing(header: "webhook-id") }
        guard let seconds = header("webhook-timestamp") else { throw .missing(header: "webhook-timestamp") }
        guard let signatures = header("webhook-signature") else { throw .missing(header: "webhook-signature") }
        guard StandardWebhooks.isIdentifier(id) else { throw .malformed(header: "webhook-id") }
        guard (1...12).contains(seconds.utf8.count),
            seconds.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let stamp = Int64(seconds)
        else { throw .malformed(header: "webhook-timestamp") }
        let age = now.milliseconds - stamp * 1_000
        guard age <= tolerance.milliseconds else { throw .tooOld(limit: tolerance) }
        guard age >= -tolerance.milliseconds else { throw .tooNew(limit: tolerance) }
        // One pass over the payload for each key, however many signatures a stranger lists.
        let content = text(id, seconds)
        let expected = keys.map { HMAC<SHA256>.authenticationCode(for: content, using: $0) }
        var matches = false
        for word in signatures.split(separator: " ").prefix(StandardWebhooks.signaturesMax) {
            guard word.hasPrefix(version), let code = StandardWebhooks.base64(word.dropFirst(version.count)), code.count == 32
            else { continue }
            // Compared in constant time, which is what `==` of an authentication code is.
            for one in expected where one == code { matches = true }
        }
        guard matches else { throw .mismatch }
        return id
    }

    private func content(_ id: String, _ seconds: String, _ payload: [UInt8]) -> [UInt8] {
        Array("\(id).\(seconds).".utf8) + payload
    }

    /// Not empty, no dot (it separates what is signed), nothing but visible ASCII.
    private static func isIdentifier(_ id: String) -> Bool {
        (1...256).contains(id.utf8.count)
            && id.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ".") }
    }

    private static func base64(_ text: some StringProtocol) -> Data? {
        let bare = text.hasSuffix("==") ? text.dropLast(2) : text.hasSuffix("=") ? text.dropLast() : text[...]
        let padding = String(repeating: "=", count: (4 - bare.utf8.count % 4) % 4)
        return bare.isEmpty ? nil : Data(base64Encoded: bare + padding)
    }
}

/// Why a secret cannot be used; never shows it.
package struct SecretFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// Place in the list given, from 0.
    package let index: Int
    package let reason: String

    package var description: String { "secret \(index + 1): \(reason)" }
}

/// Why a message's signature is not accepted.
package enum SignatureFault: Error, Hashable, Sendable, CustomStringConvertible {
    case missing(header: String)
    case malformed(header: String)
    case tooOld(limit: Duration)
    case tooNew(limit: Duration)
    /// No signature in the header is one of ours over these bytes.
    case mismatch

    package var description: String {
        switch self {
        case .missing(let header): "the header \(header) is missing"
        case .malformed(let header): "the header \(header) is malformed"
        case .tooOld(let limit): "webhook-timestamp is more than \(limit.components.seconds) s ago"
        case .tooNew(let limit): "webhook-timestamp is more than \(limit.components.seconds) s ahead"
        case .mismatch: "no signature matches the body"
        }
    }
}
