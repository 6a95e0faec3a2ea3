import Commerce

/// The column names of a CSV file and where each stands.
package struct CSVHeader: Sendable {
    package let names: [String]
    private let positions: [String: Int]

    /// - Throws: ``InterchangeError`` when a name stands twice, since nobody can say which one counts.
    init(_ row: CSVRow) throws(InterchangeError) {
        var names: [String] = []
        var positions: [String: Int] = [:]
        // Latin letters in UTF-16 are valid UTF-8: each has a zero byte beside it.
        guard !row.bytes.contains(0) else {
            throw .unreadable("the header has zero bytes in it; \(TextEncodingGuess.utf16.advice)")
        }
        for cell in 0..<row.count {
            let name = row.text(cell).trimmed
            names.append(name)
            guard !name.isEmpty else { continue }
            if let earlier = positions.updateValue(cell, forKey: name.lowercased()) {
                throw .unreadable(
                    "column \"\(name)\" stands twice in the header, as columns \(earlier + 1) and \(cell + 1); rename one")
            }
        }
        self.names = names
        self.positions = positions
    }

    /// The column's position; upper and lower case do not matter.
    package func position(_ name: String) -> Int? { positions[name.lowercased()] }

    /// - Throws: ``InterchangeError`` naming the column, what the file has that looks like it, and what else may be wrong.
    package func required(_ name: String, of format: CatalogFormat) throws(InterchangeError) -> Int {
        if let position = position(name) { return position }
        var text = "the header has no column \"\(name)\", which \(format.title) needs"
        let candidates = names.filter { $0.utf8.count <= 64 }
        if let near = Spelling.nearest(to: name, among: candidates.map { $0.lowercased() }) {
            let shown = candidates.first { $0.lowercased() == near } ?? near
            text += "; did you mean the column \"\(shown)\"?"
        } else if names.count == 1, let separator = names[0].first(where: { ";\t|".contains($0) }) {
            let shown = separator == "\t" ? "a tab" : "\"\(separator)\""
            text += "; columns seem to be separated by \(shown), but must be by commas"
        } else {
            text += "; it has \(names.prefix(6).map { "\"\($0)\"" }.joined(separator: ", "))"
                + (names.count > 6 ? " and \(names.count - 6) more" : "")
        }
        throw .unreadable(text)
    }
}

extension String {
    /// Without white space at both ends.
    var trimmed: String {
        guard let first = unicodeScalars.first, let last = unicodeScalars.last,
            first.properties.isWhitespace || last.properties.isWhitespace
        else { return self }
        let start = unicodeScalars.firstIndex { !$0.properties.isWhitespace } ?? unicodeScalars.endIndex
        guard start != unicodeScalars.endIndex else { return "" }
        let end = unicodeScalars.lastIndex { !$0.properties.isWhitespace } ?? start
        return String(unicodeScalars[start...end])
    }
}
