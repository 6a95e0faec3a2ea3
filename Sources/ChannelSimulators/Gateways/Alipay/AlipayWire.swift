import ChannelAdapters
import Commerce
import Crypto
import CryptoExtras
import Foundation

/// The wire as the platform reads and writes it, on its own account: nothing here is the merchant's side turned round.
enum AlipayWire {
    /// Fields of a query or a form; a field that is there twice counts as its last.
    static func fields(_ text: String) -> [String: String] {
        var fields: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { part in
                part.replacing("+", with: " ").removingPercentEncoding ?? ""
            }
            fields[parts[0]] = parts.count > 1 ? parts[1] : ""
        }
        return fields
    }

    static func signed(_ fields: [String: String], without excluded: Set<String>) -> [UInt8] {
        let names = fields.keys.filter { !excluded.contains($0) && fields[$0] != "" }.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        return Array(names.map { "\($0)=\(fields[$0] ?? "")" }.joined(separator: "&").utf8)
    }

    static func form(_ fields: [(String, String)]) -> String {
        fields.map { "\($0.0)=\(escaped($0.1))" }.joined(separator: "&")
    }

    private static func escaped(_ text: String) -> String {
        String(decoding: text.utf8.flatMap { byte -> [UInt8] in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: return [byte]
            case 0x20: return [0x2B]
            default: return Array("%".utf8) + Array((byte < 16 ? "0" : "").utf8) + Array(String(byte, radix: 16, uppercase: true).utf8)
            }
        }, as: UTF8.self)
    }

    static func sealed(_ text: String, _ key: [UInt8]) throws -> String {
        try AES._CBC.encrypt(Data(text.utf8), using: SymmetricKey(data: key), iv: AES._CBC.IV(ivBytes: [UInt8](repeating: 0, count: 16)))
            .base64EncodedString()
    }

    static func opened(_ text: String, _ key: [UInt8]) -> String? {
        guard let data = Data(base64Encoded: text) else { return nil }
        do {
            let plain = try AES._CBC.decrypt(data, using: SymmetricKey(data: key), iv: AES._CBC.IV(ivBytes: [UInt8](repeating: 0, count: 16)))
            return String(decoding: plain, as: UTF8.self)
        } catch { return nil }
    }

    static func signature(_ bytes: [UInt8], _ key: RSAPrivateKey) -> String {
        do { return Data(try key.sign(bytes)).base64EncodedString() } catch { return "" }
    }
}
