import ChannelAdapters
import Commerce
import Crypto
import Foundation

/// What came with a message, to be compared with what plausible mistakes would have given.
struct Signed {
    let id: String
    let stamp: String
    let signatures: [(code: [UInt8], isHex: Bool)]

    /// The one mistake that explains the signature; nil when none does.
    func mistake(_ payload: [UInt8], hasBody: Bool, _ secrets: [Secret]) -> String? {
        for secret in secrets {
            for (key, ofKey) in Signed.keys(secret) {
                for (body, ofBody) in Signed.bodies(payload, hasBody: hasBody) {
                    for (content, ofContent) in contents(body) {
                        let code = Array(HMAC<SHA256>.authenticationCode(for: content, using: SymmetricKey(data: key)))
                        guard let hit = signatures.first(where: { $0.code == code }) else { continue }
                        let words = [ofBody, ofContent, ofKey, hit.isHex ? "it is written in hex; base64 is wanted" : nil].compactMap(\.self)
                        return words.isEmpty
                            ? "the signature fits, but is not spelled as v1, and base64" : words.joined(separator: "; ")
                    }
                }
            }
        }
        return nil
    }

    private static func keys(_ secret: Secret) -> [([UInt8], String?)] {
        let text = secret.revealed
        let bare = text.hasPrefix("whsec_") ? String(text.dropFirst(6)) : text
        var keys: [([UInt8], String?)] = []
        let padded = bare + String(repeating: "=", count: (4 - bare.utf8.count % 4) % 4)
        if let bytes = Data(base64Encoded: padded) { keys.append((Array(bytes), nil)) }
        keys.append((Array(bare.utf8), "the key is the text after whsec_; it must be the bytes that text is the base64 of"))
        keys.append((Array(text.utf8), "the key is the whole text of the secret; it must be the bytes that the part after whsec_ is the base64 of"))
        return keys
    }

    private static func bodies(_ body: [UInt8], hasBody: Bool) -> [([UInt8], String?)] {
        var bodies: [([UInt8], String?)] = [(body, nil)]
        guard hasBody else { return bodies + [([], "it signs nothing but id and time; a request without a body signs METHOD and target")] }
        let newline = UInt8(ascii: "\n")
        if body.last == newline { bodies.append((Array(body.dropLast()), "the body was signed without its last newline: it was added on the way")) }
        bodies.append((body + [newline], "the body was signed with a newline at its end: it was lost on the way"))
        let text = String(decoding: body, as: UTF8.self)
        if text.contains("\r\n") { bodies.append((Array(text.replacing("\r\n", with: "\n").utf8), "the body was signed with LF, and came with CRLF")) }
        bodies.append((Array(text.replacing("\n", with: "\r\n").utf8), "the body was signed with CRLF, and came with LF"))
        do throws(JSONError) {
            bodies.append((try JSON.parse(body).bytes, "the body was signed as compact JSON with sorted members, and came written otherwise: sign the very bytes that are sent"))
        } catch {
            // No JSON: then nobody wrote it anew as such.
        }
        bodies.append(([], "the body was not signed"))
        return bodies
    }

    private func contents(_ body: [UInt8]) -> [([UInt8], String?)] {
        [
            (Array("\(id).\(stamp).".utf8) + body, nil),
            (body, "it signs the body alone; id.timestamp.body is wanted"),
            (Array("\(stamp).".utf8) + body, "it signs timestamp.body; id.timestamp.body is wanted"),
            (Array("\(id).".utf8) + body, "it signs id.body; id.timestamp.body is wanted"),
        ]
    }
}
