import Commerce
import Crypto

/// What a unit's version is on a backend that versions whole items.
///
/// The item's ETag alone would change with every other field of the item, and a compare
/// and swap of one unit would fail because of another. So the unit's own content stands
/// beside it: written `<etag>|<16 hex digits>`.
struct PlainVersion: Hashable {
    let etag: String
    let digest: String

    init(etag: String, value: JSON?) {
        self.etag = etag
        digest = PlainVersion.digest(of: value)
    }

    init?(_ text: String?) {
        guard let text, let bar = text.lastIndex(of: "|") else { return nil }
        etag = String(text[..<bar])
        digest = String(text[text.index(after: bar)...])
    }

    var text: String { "\(etag)|\(digest)" }

    static func digest(of value: JSON?) -> String {
        guard let value, !value.isNull else { return "absent" }
        return hexadecimal(SHA256.hash(data: value.bytes).prefix(8))
    }

    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
