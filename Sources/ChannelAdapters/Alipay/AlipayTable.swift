import Commerce

/// One file of a statement: comments that begin with `#`, the names of the columns, and rows.
struct AlipayTable: Sendable {
    struct Row: Sendable {
        fileprivate let line: Int
        fileprivate let cells: [String: String]
        let first: String
    }

    let comments: [String]
    let rows: [Row]
    private let columns: Set<String>

    private static let rowsMax = 1_000_000
    /// The one column with somebody's free words before the numbers; commas in it are not quoted.
    private static let free = "商品名称"

    init(_ text: String) throws(ValidationFailure) {
        var comments: [String] = []
        var rows: [Row] = []
        var names: [String] = []
        // By scalars: a mark that is written over the comma or the line's end before it would hide them otherwise, and the signs of a
        // line's end that other scripts have are letters of a product's name here.
        for (index, line) in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(Substring.init).enumerated() {
            let bare = AlipayTable.trimmed(line)
            if bare.isEmpty { continue }
            if bare.hasPrefix("#") { comments.append(bare); continue }
            let cells = line.unicodeScalars.split(separator: ",", omittingEmptySubsequences: false).map { AlipayTable.trimmed(Substring($0)) }
            if names.isEmpty {
                names = cells.map(AlipayTable.name)
                guard Set(names).count == names.count else { throw ValidationFailure(field: "file", reason: "has a column twice") }
                continue
            }
            guard rows.count < AlipayTable.rowsMax else { throw ValidationFailure(field: "file", reason: "has too many rows") }
            rows.append(try AlipayTable.row(cells, names, line: index + 1))
        }
        self.comments = comments
        self.rows = rows
        columns = Set(names)
    }

    func has(_ column: String) -> Bool { columns.contains(column) }

    private static func row(_ cells: [String], _ names: [String], line: Int) throws(ValidationFailure) -> Row {
        var cells = cells
        let surplus = cells.count - names.count
        if surplus > 0, let at = names.firstIndex(of: free) { cells.replaceSubrange(at...(at + surplus), with: [cells[at...(at + surplus)].joined(separator: ",")]) }
        guard cells.count == names.count else { throw ValidationFailure(field: "line \(line)", reason: "has \(cells.count) cells under \(names.count) names") }
        return Row(line: line, cells: Dictionary(zip(names, cells)) { first, _ in first }, first: cells.first ?? "")
    }

    private static func trimmed(_ text: Substring) -> String {
        var rest = text.drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }

    /// A column's name without its unit: `订单金额（元）`.
    private static func name(_ cell: String) -> String { String(cell.prefix { $0 != "（" && $0 != "(" }) }

    /// Decimal yuan, either side of zero.
    static func fen(_ text: String, _ field: String) throws(ValidationFailure) -> Int64 {
        do throws(MoneyError) { return try Money(parsing: text, currency: .yuan, negativeAllowed: true).amount } catch {
            throw ValidationFailure(field: field, reason: "\(error)")
        }
    }
}

extension AlipayTable.Row {
    func fault(_ column: String, _ reason: String) -> ValidationFailure { ValidationFailure(field: "line \(line), \(column)", reason: reason) }

    /// nil when it is empty.
    ///
    /// - Throws: ``ValidationFailure`` when there is no such column.
    func text(_ column: String) throws(ValidationFailure) -> String? {
        guard let text = cells[column] else { throw fault(column, "is missing") }
        return text.isEmpty ? nil : text
    }

    func needed(_ column: String) throws(ValidationFailure) -> String {
        guard let text = try text(column) else { throw fault(column, "is empty") }
        return text
    }

    func amount(_ column: String) throws(ValidationFailure) -> Int64 { try AlipayTable.fen(try needed(column), "line \(line), \(column)") }
}
