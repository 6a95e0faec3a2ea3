/// Cuts a text, HTML or plain, where one paragraph ends and the next begins.
enum Paragraphs {
    private static let enders: [[UInt8]] = [
        "</p>", "</li>", "</div>", "</h1>", "</h2>", "</h3>", "</h4>", "</h5>", "</h6>", "</tr>", "</table>",
        "</ul>", "</ol>", "</dd>", "</dt>", "</dl>", "</blockquote>", "</pre>", "</figure>", "<br>", "<hr>", "<ul>",
        "<ol>", "<table>", "<tbody>", "</tbody>", "<thead>", "</thead>",
    ].map { Array($0.utf8) }

    /// The pieces, which put together again are the text.
    static func split(_ text: String) -> [Substring] {
        var pieces: [Substring] = []
        let bytes = text.utf8
        var start = bytes.startIndex
        var tagStart: String.Index?
        var index = start
        while index < bytes.endIndex {
            let byte = bytes[index]
            let next = bytes.index(after: index)
            if byte == UInt8(ascii: "<") { tagStart = index }
            let ends = byte == 0x0A || byte == UInt8(ascii: ">") && tagStart.map { isEnder(bytes[$0..<next]) } ?? false
            if ends {
                pieces.append(text[start..<next])
                start = next
                tagStart = nil
            }
            index = next
        }
        if start < bytes.endIndex { pieces.append(text[start...]) }
        return pieces
    }

    private static func isEnder(_ tag: Substring.UTF8View) -> Bool {
        guard tag.count <= 13 else { return false }
        return enders.contains { tag.elementsEqual($0) }
    }

    static func same(_ left: Substring, _ right: Substring) -> Bool { left.utf8.elementsEqual(right.utf8) }
}
