package import Commerce
package import ConflictResolution
import Foundation
import GRDB

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
            try Int64.fetchOne(
                db.cachedStatement(sql: "SELECT num FROM entity WHERE kind = ? AND id = ?"),
                arguments: [entity.kind.rawValue, entity.id.text])
        }
    }

    func entity(_ number: Int64) throws(StoreError) -> EntityRef {
        let row = try perform { db in
            try Row.fetchOne(
                db.cachedStatement(sql: "SELECT kind, id FROM entity WHERE num = ?"), arguments: [number])
        }
        guard let row else { throw .corrupt("entity \(number) is named but not listed") }
        return try EntityRef(row, at: 0)
    }

    /// The unit's newest change, or nil when it was never written.
    package func head(_ unit: UnitRef) throws(StoreError) -> Change? {
        guard let entity = try entityNumber(unit.entity), let name = directory.number(of: unit.unit) else { return nil }
        let row = try perform { db in
            try Row.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT \(Change.columns) FROM unit JOIN change ON change.seq = unit.seq
                        WHERE unit.entity = ? AND unit.name = ?
                        """), arguments: [entity, name])
        }
        guard let row else { return nil }
        return try Change(row, entity: unit.entity, directory)
    }

    /// What is live of a unit; nil when absent or deleted.
    package func live(_ unit: UnitRef) throws(StoreError) -> JSON? { try head(unit)?.liveJSON() }

    /// The newest change of each of an entity's units, by unit name.
    package func heads(_ entity: EntityRef) throws(StoreError) -> [Change] {
        guard let number = try entityNumber(entity) else { return [] }
        let rows = try perform { db in
            try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT \(Change.columns) FROM unit JOIN change ON change.seq = unit.seq
                        WHERE unit.entity = ?
                        """), arguments: [number])
        }
        var changes: [Change] = []
        for row in rows { changes.append(try Change(row, entity: entity, directory)) }
        return changes.sorted { $0.unit < $1.unit }
    }

    package func view(_ unit: UnitRef) throws(StoreError) -> UnitView? {
        guard let head = try head(unit), let entity = try entityNumber(unit.entity),
            let name = directory.number(of: unit.unit), let state = try state(entity: entity, name: name)
        else { return nil }
        var versions: [Change] = []
        for living in state.state.living { versions.append(try change(living.sequence, entity: unit.entity)) }
        return UnitView(unit: unit, head: head, clock: state.state.clock, versions: versions)
    }

    func state(entity: Int64, name: Int64) throws(StoreError) -> (sequence: Int64, state: UnitState)? {
        let row = try perform { db in
            try Row.fetchOne(
                db.cachedStatement(sql: "SELECT seq, state FROM unit WHERE entity = ? AND name = ?"),
                arguments: [entity, name])
        }
        guard let row else { return nil }
        return (try row.read(0), try UnitState.decode(try row.read(1), directory))
    }

    func change(_ sequence: Int64, entity: EntityRef) throws(StoreError) -> Change {
        let row = try perform { db in
            try Row.fetchOne(
                db.cachedStatement(sql: "SELECT \(Change.columns) FROM change WHERE seq = ?"), arguments: [sequence])
        }
        guard let row else { throw .corrupt("change \(sequence) is named but not there") }
        return try Change(row, entity: entity, directory)
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
