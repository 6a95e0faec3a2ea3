import Crypto
import Foundation

/// AES-GCM as the platform seals callbacks and certificates: the tag of 16 bytes follows the text.
package struct WeChatPayCipher: Sendable {
    private let key: SymmetricKey

    /// - Parameter key: 32 bytes where the platform made it; 16 and 24 work as well.
    package init(key: Secret) { self.key = SymmetricKey(data: Array(key.revealed.utf8)) }

    package struct Fault: Error, Hashable, Sendable {
        package let reason: String
    }

    /// - Throws: ``Fault`` for whatever cannot be opened, also for what has not the form at all.
    package func open(_ sealed: String, nonce: String, associated: String) throws(Fault) -> [UInt8] {
        guard nonce.utf8.count == 12 else { throw Fault(reason: "the nonce has \(nonce.utf8.count) bytes, not 12") }
        guard let bytes = WeChatPayCipher.base64(sealed) else { throw Fault(reason: "is not base64") }
        guard bytes.count >= 16 else { throw Fault(reason: "is shorter than its tag") }
        do {
            let box = try AES.GCM.SealedBox(nonce: .init(data: Array(nonce.utf8)), ciphertext: bytes.dropLast(16), tag: bytes.suffix(16))
            return Array(try AES.GCM.open(box, using: key, authenticating: Array(associated.utf8)))
        } catch {
            throw Fault(reason: "does not open with this key")
        }
    }

    package func seal(_ text: [UInt8], nonce: String, associated: String) throws(Fault) -> String {
        guard nonce.utf8.count == 12 else { throw Fault(reason: "the nonce has \(nonce.utf8.count) bytes, not 12") }
        do {
            let box = try AES.GCM.seal(text, using: key, nonce: .init(data: Array(nonce.utf8)), authenticating: Array(associated.utf8))
            return Data(box.ciphertext + box.tag).base64EncodedString()
        } catch {
            throw Fault(reason: "cannot be sealed with this key")
        }
    }

    /// Bytes of standard base64, padded; nil for anything else.
    static func base64(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map(Array.init) }
}
