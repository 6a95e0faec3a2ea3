import Commerce

extension DesiredEntity {
    /// Wants `value` as a member of a unit; nil takes the member away.
    mutating func set(
        _ unit: UnitName, _ member: String, _ value: JSON?, column: String, onlyWhenNew: Bool = false
    ) {
        columns[ColumnKey(unit: unit, member: member)] = column
        let member = UnitChange.Member(member, value?.present, onlyWhenNew: onlyWhenNew)
        if let index = changes.lastIndex(where: { $0.unit == unit }), case .members(var members) = changes[index].change {
            members.append(member)
            changes[index].change = .members(members)
        } else {
            changes.append((unit, .members([member])))
        }
    }

    mutating func set(_ unit: UnitName, _ change: UnitChange, column: String) {
        columns[ColumnKey(unit: unit, member: "")] = column
        changes.append((unit, change))
    }

    /// The column a refused value came from, or the unit and member when none did.
    func column(of unit: UnitName, field: String) -> String {
        let member = String(field.prefix { $0 != "." && $0 != "[" })
        return columns[ColumnKey(unit: unit, member: member)] ?? columns[ColumnKey(unit: unit, member: "")]
            ?? (field.isEmpty ? unit.text : "\(unit.text) \(field)")
    }
}

extension DesiredEntity {
    mutating func link(_ link: Link, column: String) {
        columns[ColumnKey(unit: link.unit, member: "")] = column
        links.append(link)
    }
}
