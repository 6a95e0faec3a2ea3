/// One thing wrong with one row: where it is, what stands there, why it was refused.
package struct RowFault: Error, Hashable, Sendable, CustomStringConvertible {
    package let line: Int
    /// The column, or the path inside a JSON line; empty for the row as a whole.
    package let column: String
    /// The beginning of the value, without control characters.
    package let excerpt: String
    package let reason: String
    /// Whether the row was applied all the same, without what the fault names.
    package let isWarning: Bool

    package init(line: Int, column: String, value: String = "", reason: String, isWarning: Bool = false) {
        self.line = line
        self.column = column
        self.excerpt = RowFault.excerpt(of: value)
        self.reason = reason
        self.isWarning = isWarning
    }

    package var description: String {
        let place = column.isEmpty ? "line \(line)" : "line \(line), \(column)"
        let shown = excerpt.isEmpty ? "" : " (\"\(excerpt)\")"
        return "\(place)\(shown): \(reason)"
    }

    private static func excerpt(of value: String) -> String {
        let start = value.unicodeScalars.prefix(60).map { scalar in
            scalar.properties.generalCategory == .control ? " " : Character(scalar)
        }
        return String(start) + (start.count == 60 ? "…" : "")
    }
}
