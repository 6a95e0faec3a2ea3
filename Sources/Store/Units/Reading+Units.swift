package import Commerce
package import ConflictResolution

/// A unit as it stands: what is live, what is known, and what stands beside it.
package struct UnitView: Sendable {
    package let unit: UnitRef
    package let head: Change
    package let clock: VectorClock
    /// The writes alive, one unless there is concurrency.
    package let versions: [Change]
}

extension Reading {
    package func entityNumber(_ entity: EntityRef) throws(StoreError) -> Int64? {
        try perform { db in
            try db.first("SELECT num FROM entity WHERE kind = ? AND id = ?") { parameters in
                parameters.set(1, entity.kind.rawValue)
                parameters.set(2, entity.id.text)
            } _: { try $0.integer(0) }
        }
    }

    func entity(_ number: Int64) throws(StoreError) -> EntityRef {
        let entity = try perform { db in
            try db.first("SELECT kind, id FROM entity WHERE num = ?") { $0.set(1, number) } _: { try EntityRef($0, at: 0) }
        }
        guard let entity else { throw .corrupt("entity \(number) is named but not listed") }
        return entity
    }

    /// The unit's newest change, or nil when it was never written.
    package func head(_ unit: UnitRef) throws(StoreError) -> Change? {
        guard let entity = try entityNumber(unit.entity), let name = directory.number(of: unit.unit) else { return nil }
        return try perform { db in
            try db.first(Reading.headOfUnit) { parameters in
                parameters.set(1, entity)
                parameters.set(2, name)
            } _: { try Change($0, entity: unit.entity, directory) }
        }
    }

    /// What is live of a unit; nil when absent or deleted.
    package func live(_ unit: UnitRef) throws(StoreError) -> JSON? { try head(unit)?.liveJSON() }

    /// The newest change of each of an entity's units, by unit name.
    package func heads(_ entity: EntityRef) throws(StoreError) -> [Change] {
        guard let number = try entityNumber(entity) else { return [] }
        let changes = try perform { db in
            try db.all(Reading.headsOfEntity) { $0.set(1, number) } _: { try Change($0, entity: entity, directory) }
        }
        return changes.sorted { $0.unit < $1.unit }
    }

    /// What is live of an entity, as canonical JSON by unit name; nothing of how it came about.
    package func liveUnits(_ entity: EntityRef) throws(StoreError) -> [UnitName: [UInt8]] {
        guard let number = try entityNumber(entity) else { return [:] }
        return try perform { db in
            var found: [UnitName: [UInt8]] = [:]
            try db.rows(Reading.liveOfEntity) { $0.set(1, number) } _: { row in
                guard let name = directory.unit(try row.integer(0)) else {
                    throw StoreError.corrupt("\(entity) has a unit that is not listed")
                }
                if let value = try row.bytesIfAny(1) { found[name] = value }
                return true
            }
            return found
        }
    }

    private static let liveOfEntity = """
        SELECT unit.name, CASE change.live WHEN 1 THEN change.live_value ELSE change.value END
        FROM unit JOIN change ON change.seq = unit.seq WHERE unit.entity = ?
        """
    private static let headOfUnit = """
        SELECT \(Change.columns) FROM unit JOIN change ON change.seq = unit.seq WHERE unit.entity = ? AND unit.name = ?
        """
    private static let headsOfEntity = """
        SELECT \(Change.columns) FROM unit JOIN change ON change.seq = unit.seq WHERE unit.entity = ?
        """
    private static let oneChange = "SELECT \(Change.columns) FROM change WHERE seq = ?"

    package func view(_ unit: UnitRef) throws(StoreError) -> UnitView? {
        guard let head = try head(unit), let entity = try entityNumber(unit.entity),
            let name = directory.number(of: unit.unit), let state = try state(entity: entity, name: name)
        else { return nil }
        var versions: [Change] = []
        for living in state.state.living { versions.append(try change(living.sequence, entity: unit.entity)) }
        return UnitView(unit: unit, head: head, clock: state.state.clock, versions: versions)
    }

    func state(entity: Int64, name: Int64) throws(StoreError) -> (sequence: Int64, state: UnitState)? {
        try perform { db in
            try db.first("SELECT seq, state FROM unit WHERE entity = ? AND name = ?") { parameters in
                parameters.set(1, entity)
                parameters.set(2, name)
            } _: { row in
                let state = try row.withBytes(1) { bytes throws(StoreError) in try UnitState.decode(bytes, directory) }
                return (try row.integer(0), state)
            }
        }
    }

    func change(_ sequence: Int64, entity: EntityRef) throws(StoreError) -> Change {
        let change = try perform { db in
            try db.first(Reading.oneChange) { $0.set(1, sequence) } _: { try Change($0, entity: entity, directory) }
        }
        guard let change else { throw .corrupt("change \(sequence) is named but not there") }
        return change
    }

    /// A unit's changes, newest first, at most `limit`.
    package func history(_ unit: UnitRef, limit: Int) throws(StoreError) -> [Change] {
        var changes: [Change] = []
        var next = try head(unit)
        while let change = next, changes.count < limit {
            changes.append(change)
            guard let previous = change.previous else { break }
            next = try self.change(previous, entity: unit.entity)
        }
        return changes
    }
}
