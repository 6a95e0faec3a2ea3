/// Finds what changed between two texts, paragraph by paragraph.
enum ParagraphDiff {
    /// Greatest number of paragraph pairs compared once equal ends are set aside.
    private static let pairsMax = 250_000

    /// The changes in order, by a longest common subsequence; nil beyond the bound.
    static func hunks(from old: [Substring], to new: [Substring]) -> [Hunk]? {
        let (a, b) = numbered(old, new)
        var head = 0
        while head < a.count, head < b.count, a[head] == b[head] { head += 1 }
        var tail = 0
        while tail < a.count - head, tail < b.count - head, a[a.count - 1 - tail] == b[b.count - 1 - tail] { tail += 1 }
        let rows = a.count - head - tail
        let columns = b.count - head - tail
        if rows == 0, columns == 0 { return [] }
        if rows == 0 || columns == 0 {
            return [Hunk(range: head..<(head + rows), replacement: Array(new[head..<(head + columns)]))]
        }
        guard rows <= pairsMax / columns else { return nil }
        let lengths = commonLengths(a[head..<(head + rows)], b[head..<(head + columns)])
        return walk(lengths, rows, columns) { i, j in a[head + i] == b[head + j] } hunk: { i, j in
            Hunk(
                range: (head + i.lowerBound)..<(head + i.upperBound),
                replacement: Array(new[(head + j.lowerBound)..<(head + j.upperBound)]))
        }
    }

    /// Equal paragraphs get equal numbers, so they are compared as bytes only once.
    private static func numbered(_ old: [Substring], _ new: [Substring]) -> ([Int], [Int]) {
        var numbers: [[UInt8]: Int] = [:]
        func number(_ text: Substring) -> Int {
            let bytes = Array(text.utf8)
            if let known = numbers[bytes] { return known }
            numbers[bytes] = numbers.count
            return numbers.count - 1
        }
        return (old.map(number), new.map(number))
    }

    /// At `i * (columns + 1) + j`: the longest common subsequence of the ends from `i` and `j`.
    private static func commonLengths(_ a: ArraySlice<Int>, _ b: ArraySlice<Int>) -> [Int32] {
        let columns = b.count
        var lengths = [Int32](repeating: 0, count: (a.count + 1) * (columns + 1))
        for i in stride(from: a.count - 1, through: 0, by: -1) {
            for j in stride(from: columns - 1, through: 0, by: -1) {
                let here = i * (columns + 1) + j
                let below = here + columns + 1
                lengths[here] = a[a.startIndex + i] == b[b.startIndex + j]
                    ? lengths[below + 1] + 1 : max(lengths[below], lengths[here + 1])
            }
        }
        return lengths
    }

    private static func walk(
        _ lengths: [Int32], _ rows: Int, _ columns: Int, same: (Int, Int) -> Bool,
        hunk: (Range<Int>, Range<Int>) -> Hunk
    ) -> [Hunk] {
        var hunks: [Hunk] = []
        var i = 0
        var j = 0
        var start = (0, 0)
        func flush() {
            if i > start.0 || j > start.1 { hunks.append(hunk(start.0..<i, start.1..<j)) }
        }
        while i < rows, j < columns {
            if same(i, j) {
                flush()
                i += 1
                j += 1
                start = (i, j)
            } else if lengths[(i + 1) * (columns + 1) + j] >= lengths[i * (columns + 1) + j + 1] {
                i += 1
            } else {
                j += 1
            }
        }
        i = rows
        j = columns
        flush()
        return hunks
    }
}
