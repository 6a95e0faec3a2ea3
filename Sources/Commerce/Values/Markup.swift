/// HTML as far as a catalog needs it.
package enum Markup {
    /// The text of some HTML: tags and comments removed, references decoded, white space
    /// folded.
    ///
    /// Applying it to its own result changes nothing, so markup that was itself
    /// escaped goes too: `&lt;b&gt;` leaves no trace, `3 &lt; 5` becomes `3 < 5`.
    package static func text(of html: String) -> String {
        let isPlain = html.utf8.allSatisfy { $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: "&") }
        let bare = isPlain ? Array(html.utf8) : stripped(MarkupEntities.decoded(stripped(Array(html.utf8))))
        // By scalars: a space and a combining mark behind it are one character, of which only the space may go.
        let words = String(decoding: bare, as: UTF8.self).unicodeScalars.split { $0.properties.isWhitespace }
        return words.map { String($0) }.joined(separator: " ")
    }

    /// The bytes with a space for each tag and comment.
    private static func stripped(_ bytes: [UInt8]) -> [UInt8] {
        // A `<` behind the last `>` can begin no tag; knowing where that is keeps this linear.
        guard let lastEnd = bytes.lastIndex(of: UInt8(ascii: ">")) else { return bytes }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "<"), index < lastEnd, beginsTag(bytes[index + 1]),
                let end = bytes[index...lastEnd].firstIndex(of: UInt8(ascii: ">"))
            else {
                output.append(bytes[index])
                index += 1
                continue
            }
            output.append(UInt8(ascii: " "))
            index = end + 1
        }
        return output
    }

    private static func beginsTag(_ byte: UInt8) -> Bool {
        MarkupTag.isLetter(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?")
    }
}
