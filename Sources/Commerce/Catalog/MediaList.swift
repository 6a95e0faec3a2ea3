/// Pictures and videos in the order they are shown, told apart by their address.
enum MediaList {
    static func check(_ value: JSON) throws(ValidationFailure) -> JSON {
        var kept: [JSON] = []
        var seen: Set<String> = []
        for (index, element) in try ValueReader.elements(value, path: "", max: 250).enumerated() {
            var reader = try ValueReader(element, path: "[\(index)]", allowed: ["url", "kind", "alt", "id"])
            let url = try reader.text("url", max: 2048, required: true) ?? ""
            if let fault = WebAddress.fault(in: url) { throw reader.fail("url", fault) }
            if try reader.word("kind", of: ["image", "video"], required: false) == nil { reader.keep("kind", "image") }
            try reader.text("alt", max: 512)
            try reader.text("id", max: 64)
            if seen.insert(url).inserted { kept.append(reader.result) }
        }
        return .array(kept)
    }
}

/// The addresses the catalog may point to.
package enum WebAddress {
    /// What is wrong with an absolute http or https address; nil when nothing is.
    package static func fault(in text: String) -> String? {
        let bytes = text.utf8
        let lower = text.prefix(8).lowercased()
        let scheme = lower.hasPrefix("https://") ? 8 : lower.hasPrefix("http://") ? 7 : 0
        guard scheme > 0 else { return "must start with http:// or https://" }
        guard bytes.count <= 2048 else { return "is longer than 2048 bytes" }
        let refused = bytes.contains { $0 <= 0x20 || $0 == 0x7F || forbidden.contains($0) }
        guard !refused else { return "must not contain spaces, quotes or angle brackets" }
        let host = bytes.dropFirst(scheme).prefix { !hostEnd.contains($0) }
        guard !host.isEmpty, host.first != UInt8(ascii: ":") else { return "names no host" }
        return nil
    }

    private static let forbidden: [UInt8] = Array("\"'<>\\`".utf8)
    private static let hostEnd: [UInt8] = Array("/?#".utf8)
}
