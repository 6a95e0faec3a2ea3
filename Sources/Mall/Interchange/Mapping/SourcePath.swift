import Commerce

/// Where in a source record a value stands: `name`, `skus[].price`, `category[0]`, `^.sn`.
///
/// `[n]` takes one element, `[]` all of them; `^` is the record around a SKU. In a CSV
/// a column whose whole name is the path is found first, so `a.b` works as it
/// stands in the header; a path with spaces is always the name of a column.
package struct SourcePath: Hashable, Sendable {
    enum Step: Hashable, Sendable { case member(String), element(Int), all, outer }

    let text: String
    let steps: [Step]

    /// - Throws: ``InterchangeError`` quoting the path.
    init(_ text: String) throws(InterchangeError) {
        self.text = text
        // No name that is written in a path has spaces; the names of columns have.
        guard !text.contains(" ") else {
            steps = [.member(text)]
            return
        }
        var steps: [Step] = []
        for part in text.split(separator: ".", omittingEmptySubsequences: false) {
            if part == "^" {
                steps.append(.outer)
                continue
            }
            let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
            if let name = pieces.first, !name.isEmpty {
                steps.append(.member(String(name)))
            } else if pieces.count < 2 {
                throw SourcePath.broken(text)
            }
            for piece in pieces.dropFirst() {
                guard piece.last == "]" else { throw SourcePath.broken(text) }
                let inner = piece.dropLast()
                if inner.isEmpty {
                    steps.append(.all)
                } else if let index = Int(inner), index >= 0 {
                    steps.append(.element(index))
                } else {
                    throw SourcePath.broken(text)
                }
            }
        }
        self.steps = steps
    }

    private static func broken(_ text: String) -> InterchangeError {
        .unusable("\"\(text.prefix(60))\" is no path; write it as name, skus[].price, category[0] or ^.name")
    }

    /// What stands there; nil when nothing, null or an empty text does. `[]` gives an array.
    func value(in scope: SourceScope) -> JSON? {
        if let whole = scope.value[text] { return SourcePath.present(whole) }
        var scope = scope
        var found = [scope.value]
        var isMany = false
        for step in steps {
            switch step {
            case .outer:
                guard let outer = scope.outer.last else { return nil }
                scope = SourceScope(value: outer, outer: scope.outer.dropLast())
                found = [outer]
            case .member(let name): found = found.compactMap { $0[name] }
            case .element(let index):
                found = found.compactMap { $0.array.flatMap { index < $0.count ? $0[index] : nil } }
            case .all:
                isMany = true
                found = found.flatMap { $0.array ?? [] }
            }
        }
        let values = found.compactMap(SourcePath.present)
        return isMany ? JSON.present(values) : values.first
    }

    private static func present(_ value: JSON) -> JSON? {
        switch value {
        case .string(let text): text.trimmed.isEmpty ? nil : value
        case .array(let values): JSON.present(values)
        case .null, .bool, .integer, .decimal, .object: value.present
        }
    }
}

/// A source record, and the records around it.
struct SourceScope {
    let value: JSON
    var outer: ArraySlice<JSON> = []

    func inside(_ value: JSON) -> SourceScope { SourceScope(value: value, outer: outer + [self.value]) }
}
