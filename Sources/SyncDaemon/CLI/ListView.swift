import Commerce

/// A list answer `{"data": […], "next": …}` as a table.
struct ListView: Sendable {
    struct Column: Sendable {
        let heading: String
        var right = false
        var narrowest: Int?
        let cell: @Sendable (JSON, Timestamp) -> String

        init(_ heading: String, right: Bool = false, narrowest: Int? = nil, cell: @escaping @Sendable (JSON, Timestamp) -> String) {
            self.heading = heading
            self.right = right
            self.narrowest = narrowest
            self.cell = cell
        }

        /// The member as it is.
        static func member(_ heading: String, _ name: String, right: Bool = false, narrowest: Int? = nil) -> Column {
            Column(heading, right: right, narrowest: narrowest) { row, _ in ListView.text(row[name]) }
        }

        static func age(_ heading: String, _ name: String) -> Column {
            Column(heading, right: true) { row, now in Age.since(row[name], now: now) }
        }

        static func due(_ heading: String, _ name: String) -> Column {
            Column(heading, right: true) { row, now in Age.until(row[name], now: now) }
        }
    }

    let columns: [Column]
    /// What to say when there is nothing.
    let nothing: String

    func lines(_ answer: JSON, now: Timestamp = Terminal.now(), width: Int = Terminal.width) -> [String] {
        let rows = answer["data"]?.array ?? []
        guard !rows.isEmpty else { return [nothing] }
        var table = Table(columns.map { Table.Column(heading: $0.heading, right: $0.right, narrowest: $0.narrowest) })
        for row in rows { table.add(columns.map { $0.cell(row, now) }) }
        var lines = table.lines(width: width)
        if let next = answer["next"]?.string { lines.append("more: --after \(PlainText.escaped(next))") }
        return lines
    }

    /// A value on one line: text as it is, everything else as JSON, nothing as "-".
    static func text(_ value: JSON?) -> String {
        switch value {
        case nil, .null: "-"
        case .string(let text): text
        case .some(let other): other.text
        }
    }
}
