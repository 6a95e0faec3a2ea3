/// Rows under headings, never wider than the terminal.
struct Table {
    struct Column {
        let heading: String
        var right = false
        /// May be cut down to this many columns when there is not enough room.
        var narrowest: Int?
    }

    let columns: [Column]
    private(set) var rows: [[String]] = []

    init(_ columns: [Column]) { self.columns = columns }

    /// Adds a row of as many cells as there are columns; control characters are made visible.
    mutating func add(_ cells: [String]) {
        precondition(cells.count == columns.count, "a row must have a cell for each column")
        rows.append(cells.map(PlainText.escaped))
    }

    func lines(width: Int = 80) -> [String] {
        let widths = widths(within: width)
        return ([columns.map(\.heading)] + rows).map { cells in
            let fitted = zip(zip(columns, widths), cells).map { column, cell in
                DisplayWidth.fit(cell, column.1, right: column.0.right)
            }
            return fitted.joined(separator: "  ").trimmedEnd
        }
    }

    /// Takes from the widest cell that may shrink, one column at a time, until all fits.
    private func widths(within width: Int) -> [Int] {
        var widths = columns.enumerated().map { index, column in
            rows.map { DisplayWidth.of($0[index]) }.reduce(DisplayWidth.of(column.heading), max)
        }
        let gaps = 2 * (columns.count - 1)
        while widths.reduce(gaps, +) > width {
            let able = columns.indices.filter { widths[$0] > (columns[$0].narrowest ?? .max) }
            guard let widest = able.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
        }
        return widths
    }
}

extension String {
    fileprivate var trimmedEnd: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
