import Commerce

extension Resolver {
    /// Chooses one version whole, by what the policy makes of its value; equals by the
    /// total order. A deletion never beats an edit its author had not seen.
    func ranked(_ versions: [Version<JSON?>]) -> Resolution {
        let edits = versions.filter { $0.value != nil }
        guard var best = edits.first else { return chosen(versions[versions.count - 1], over: versions) }
        if planted == .mineWins, policy == .lastWriter { return chosen(preferred(of: versions), over: versions) }
        // Ascending in the total order, so "not worse" lets the later of equals win.
        for version in edits.dropFirst() where rank(version.value) >= rank(best.value) { best = version }
        return chosen(best, over: versions, question: edits.count < versions.count ? .deletion : nil)
    }

    /// Greater wins.
    private func rank(_ value: JSON?) -> Int64 {
        guard let value else { return .min }
        switch policy {
        case .highest(let field): return integer(value, field) ?? .min
        case .lowest(let field):
            // -1 - n turns the order round without overflowing at either end.
            return integer(value, field).map { -1 - $0 } ?? .min
        case .mostRestrictive(let field, let order):
            let place = value[field]?.string.flatMap { order.firstIndex(of: $0) }
            return Int64(order.count - (place ?? order.count))
        case .lastWriter, .singleOwner, .hubAuthoritative, .addWinsSet, .disjointText, .askPerson: return 0
        }
    }

    private func integer(_ value: JSON, _ field: String?) -> Int64? {
        guard let field else { return value.integer }
        return value[field]?.integer
    }
}
