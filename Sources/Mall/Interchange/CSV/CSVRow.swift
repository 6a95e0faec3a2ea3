/// One record of a CSV file: its cells unquoted, back to back in one buffer.
///
/// The parser hands the same row out again and again, so keep what you need of it
/// and not the row. Cells are bytes; ``text(_:)`` makes a `String` of one on demand,
/// because most cells of a wide file are empty or never looked at.
package struct CSVRow: Sendable {
    /// The physical line the record starts on, counted from 1.
    package var line = 1

    var bytes: [UInt8] = []
    /// One past the last byte of each cell.
    var ends: [Int] = []
    /// All bytes or-ed together: below 0x80 means plain ASCII.
    var seen: UInt8 = 0
    /// Whether any cell was quoted; a lone quoted empty cell is a record, an empty line is not.
    var hasQuotes = false

    package var count: Int { ends.count }

    /// Whether the record is an empty line.
    var isBlank: Bool { ends.count == 1 && ends[0] == 0 && !hasQuotes }

    package func range(_ cell: Int) -> Range<Int> {
        (cell == 0 ? 0 : ends[cell - 1])..<ends[cell]
    }

    package func isEmpty(_ cell: Int) -> Bool { range(cell).isEmpty }

    /// The cell's text without the guard against formulas (see ``FormulaGuard``).
    package func text(_ cell: Int) -> String {
        let range = FormulaGuard.withoutGuard(bytes, range(cell))
        return String(decoding: bytes[range], as: UTF8.self)
    }

    /// The first cell that is not UTF-8, nil when all are.
    func firstBrokenCell() -> Int? {
        guard seen >= 0x80, String(validating: bytes, as: UTF8.self) == nil else { return nil }
        return (0..<count).first { String(validating: bytes[range($0)], as: UTF8.self) == nil }
    }

    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        seen = 0
        hasQuotes = false
    }
}
