/// Merges several edits of one long text paragraph by paragraph.
struct ParagraphMerge {
    private let base: [Substring]

    init(base: String) { self.base = Paragraphs.split(base) }

    /// The text with every author's changes; nil when two of them touch the same
    /// paragraph, put something in the same place, or differ too widely to be compared.
    func merge(_ texts: [String]) -> String? {
        var hunks: [Hunk] = []
        for text in texts {
            guard let found = ParagraphDiff.hunks(from: base, to: Paragraphs.split(text)) else { return nil }
            hunks += found
        }
        hunks.sort(by: Hunk.precedes)
        var result = ""
        var position = 0
        var previous: Hunk?
        for hunk in hunks {
            if let previous {
                if previous == hunk { continue }
                if previous.collides(with: hunk) { return nil }
            }
            for paragraph in base[position..<hunk.range.lowerBound] { result += paragraph }
            for paragraph in hunk.replacement { result += paragraph }
            position = hunk.range.upperBound
            previous = hunk
        }
        for paragraph in base[position...] { result += paragraph }
        return result
    }
}

/// One author's change: these paragraphs of the base became those.
struct Hunk: Equatable {
    let range: Range<Int>
    let replacement: [Substring]

    static func == (left: Hunk, right: Hunk) -> Bool {
        left.range == right.range && left.replacement.elementsEqual(right.replacement, by: Paragraphs.same)
    }

    /// By place; the same place in the order of the replacement's bytes.
    static func precedes(_ left: Hunk, _ right: Hunk) -> Bool {
        if left.range.lowerBound != right.range.lowerBound { return left.range.lowerBound < right.range.lowerBound }
        if left.range.upperBound != right.range.upperBound { return left.range.upperBound < right.range.upperBound }
        return left.replacement.joined().utf8.lexicographicallyPrecedes(right.replacement.joined().utf8)
    }

    /// Whether both cannot stand: neighbours may each be rewritten, but what is put in
    /// beside a rewritten paragraph may belong before or after it.
    func collides(with later: Hunk) -> Bool {
        if range.upperBound > later.range.lowerBound { return true }
        return range.upperBound == later.range.lowerBound && (range.isEmpty || later.range.isEmpty)
    }
}
