extension UnitCatalog {
    /// The table of all units as Markdown, one row a unit, in the catalog's order.
    package static var markdownTable: String {
        var lines = ["| kind | unit | policy | purpose | when two ends write at once |", "|---|---|---|---|---|"]
        for unit in all {
            let cells = [unit.kind.rawValue, "`\(unit.pattern)`", unit.policy.word, unit.purpose, unit.policy.outcome]
            lines.append("| \(cells.joined(separator: " | ")) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension UnitDefinition {
    /// How the unit's names look: `price.<currency>[@channel]`.
    package var pattern: String {
        let qualified = qualifier == .none ? family : "\(family).<\(qualifier.rawValue)>"
        return perChannel ? "\(qualified)[@channel]" : qualified
    }
}
