import Commerce
import Crypto
import CryptoExtras
import Foundation

/// The key that hides the content of requests and answers from whoever ends TLS on the way: AES in CBC with an IV of zeros.
struct AlipayContentKey: Sendable {
    private let key: SymmetricKey

    init(_ secret: Secret) throws(GatewayFault) {
        guard let bytes = [UInt8](base64: secret.revealed), [16, 24, 32].contains(bytes.count) else {
            throw GatewayFault("content_key", "must be the base64 of 16, 24 or 32 bytes")
        }
        key = SymmetricKey(data: bytes)
    }

    func seal(_ content: [UInt8]) throws(GatewayFault) -> String {
        do {
            let sealed = try AES._CBC.encrypt(content, using: key, iv: AES._CBC.IV(ivBytes: [UInt8](repeating: 0, count: 16)))
            return sealed.base64EncodedString()
        } catch {
            throw GatewayFault("content_key", "could not encrypt")
        }
    }

    /// nil for what was not encrypted with it.
    func open(_ sealed: String) -> [UInt8]? {
        guard let bytes = [UInt8](base64: sealed), !bytes.isEmpty, bytes.count % 16 == 0 else { return nil }
        do {
            return Array(try AES._CBC.decrypt(bytes, using: key, iv: AES._CBC.IV(ivBytes: [UInt8](repeating: 0, count: 16))))
        } catch {
            return nil
        }
    }
}

extension [UInt8] {
    /// nil for what is no base64.
    init?(base64 text: String) {
        guard let bytes = Data(base64Encoded: text) else { return nil }
        self = Array(bytes)
    }

    var base64: String { Data(self).base64EncodedString() }
}
