import Commerce

/// One item of a plain backend: all the units of one entity, versioned together.
struct PlainItem {
    let entity: RemoteRef
    let updatedAt: Timestamp
    let etag: String
    let isDeleted: Bool
    /// In the order of their names; a null is a unit that is not there.
    let fields: [(unit: UnitName, value: JSON)]

    func value(of unit: UnitName) -> JSON? {
        guard let value = fields.first(where: { $0.unit == unit })?.value, !value.isNull else { return nil }
        return value
    }

    func version(of unit: UnitName) -> String { PlainVersion(etag: etag, value: value(of: unit)).text }

    func observation(of unit: UnitName) -> Observation {
        Observation(
            entity: entity, unit: unit, content: value(of: unit).map { .value($0) } ?? .absent,
            version: version(of: unit), modified: updatedAt)
    }

    var observations: [Observation] {
        guard !isDeleted else {
            return [Observation(entity: entity, unit: nil, content: .absent, version: etag, modified: updatedAt)]
        }
        return fields.map { observation(of: $0.unit) }
    }
}

extension AnswerReader {
    func item() throws(AnswerFault) -> PlainItem {
        let isDeleted = try optional("deleted")?.bool() ?? false
        var fields: [(unit: UnitName, value: JSON)] = []
        if let held = try isDeleted ? optional("fields") : member("fields") {
            for member in try held.object() {
                let name = AnswerReader(.string(member.name), path: "\(held.path).\(member.name)")
                fields.append((try name.unit(), member.value))
            }
        }
        return PlainItem(
            entity: try entity(),
            updatedAt: try member("updated_at").timestamp(),
            etag: try member("version").mark(), isDeleted: isDeleted, fields: fields)
    }
}
