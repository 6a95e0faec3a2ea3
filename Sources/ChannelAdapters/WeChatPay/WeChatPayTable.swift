import Commerce

/// One table of a statement: a line of names, lines of values, and the same again for the sums.
///
/// Each value stands behind a backtick, and values may hold commas: a comma parts two values only where a backtick follows.
struct WeChatPayTable: Sendable {
    let names: [String: Int]
    let rows: [[String]]
    let sums: [String: String]

    /// Reads a file as it comes; never trusts the order of its columns, which the platform does not promise.
    ///
    /// - Parameter free: the column that holds what people wrote, and so may hold anything.
    init(_ bytes: [UInt8], free: String) throws(ValidationFailure) {
        let bare = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        guard let text = String(validating: bare, as: UTF8.self) else { throw ValidationFailure(field: "file", reason: "is not UTF-8") }
        let lines = WeChatPayTable.lines(text)
        guard let first = lines.first else { throw ValidationFailure(field: "file", reason: "is empty") }
        let heads = first.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        names = Dictionary(heads.enumerated().map { ($1, $0) }) { first, _ in first }
        guard names.count == heads.count else { throw ValidationFailure(field: "line 1", reason: "names a column twice") }
        var rows: [[String]] = []
        var place = 1
        while place < lines.count, lines[place].utf8.first == UInt8(ascii: "`") {
            var cells = WeChatPayTable.cells(lines[place])
            if let free = names[free], cells.count > heads.count {
                let parts = free...(free + cells.count - heads.count)
                cells.replaceSubrange(parts, with: [cells[parts].joined(separator: ",`")])
            }
            guard cells.count == heads.count else {
                throw ValidationFailure(field: "line \(place + 1)", reason: "has \(cells.count) values for \(heads.count) columns")
            }
            rows.append(cells)
            place += 1
        }
        // Without its sums the end of a file is missing.
        guard lines.count == place + 2, lines[place + 1].utf8.first == UInt8(ascii: "`") else {
            throw ValidationFailure(field: "line \(place + 1)", reason: "is not where the sums begin, or the file is cut off")
        }
        let titles = lines[place].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let values = WeChatPayTable.cells(lines[place + 1])
        guard titles.count == values.count else { throw ValidationFailure(field: "line \(place + 2)", reason: "does not fit its names") }
        self.rows = rows
        sums = Dictionary(zip(titles, values)) { first, _ in first }
    }

    func place(_ name: String) throws(ValidationFailure) -> Int {
        guard let place = names[name] else { throw ValidationFailure(field: "line 1", reason: "has no column \(name)") }
        return place
    }

    private static func lines(_ text: String) -> [String] {
        text.utf8.split(separator: 0x0A).map { line in
            String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
        }.filter { !$0.isEmpty }
    }

    private static func cells(_ line: String) -> [String] {
        let bytes = Array(line.utf8.dropFirst())
        var cells: [String] = []
        var start = 0
        var place = 0
        while place + 1 < bytes.count {
            if bytes[place] == UInt8(ascii: ","), bytes[place + 1] == UInt8(ascii: "`") {
                cells.append(String(decoding: bytes[start..<place], as: UTF8.self))
                start = place + 2
                place = start
            } else {
                place += 1
            }
        }
        cells.append(String(decoding: bytes[start...], as: UTF8.self))
        return cells
    }
}
