package import Commerce
import Crypto
import Foundation
import GRDB

extension Reading {
    /// SHA-256, in hexadecimal, over what is live: one line `kind/id unit value` a unit, sorted by its bytes.
    ///
    /// Entities whose `life` is deleted are left out, and so are units without a value.
    /// Two holders of the same catalog get the same digest, whatever way it came to
    /// them. Memory stays constant: one entity is held at a time.
    ///
    /// - Parameters:
    ///   - wanted: which units count; all of them when left out.
    ///   - transform: what a holder makes of a value, such as a channel's ``Projection``;
    ///     nil leaves the unit out.
    package func digest(
        wanted: (UnitRef) -> Bool = { _ in true }, transform: ((UnitRef, JSON) -> JSON?)? = nil
    ) throws(StoreError) -> String {
        var hash = SHA256()
        try eachEntity { units throws(StoreError) in
            for (unit, bytes) in units where wanted(unit) {
                var value = bytes
                if let transform {
                    guard let json = try Change.parse(bytes, unit), let held = transform(unit, json) else { continue }
                    value = held.bytes
                }
                hash.update(data: Array("\(unit.entity) \(unit.unit) ".utf8) + value + [UInt8(ascii: "\n")])
            }
        }
        return Array(hash.finalize()).hexadecimal
    }

    /// Hands over the live units of each entity that is not deleted, in the order of the digest.
    private func eachEntity(_ body: ([(UnitRef, [UInt8])]) throws(StoreError) -> Void) throws(StoreError) {
        try perform { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT entity.kind, entity.id, name.text,
                        CASE change.live WHEN 1 THEN change.live_value ELSE change.value END
                    FROM entity JOIN unit ON unit.entity = entity.num JOIN name ON name.num = unit.name
                    JOIN change ON change.seq = unit.seq
                    ORDER BY entity.kind, entity.id, name.text
                    """)
            var held: (entity: EntityRef, units: [(UnitRef, [UInt8])], deleted: Bool)?
            while let row = try rows.next() {
                let entity = try EntityRef(row, at: 0)
                if let whole = held, whole.entity != entity {
                    if !whole.deleted { try body(whole.units) }
                    held = nil
                }
                guard let name = UnitName(try row.read(2)) else { throw StoreError.corrupt("a unit's name cannot be read") }
                let unit = UnitRef(entity, name)
                var whole = held ?? (entity, [], false)
                held = nil
                if let bytes = try row.read(3, as: Data?.self).map({ [UInt8]($0) }) {
                    whole.units.append((unit, bytes))
                    if name == .life { whole.deleted = try Change.parse(bytes, unit)?["state"] == "deleted" }
                }
                held = whole
            }
            if let whole = held, !whole.deleted { try body(whole.units) }
        }
    }
}

extension UnitName {
    /// The unit whose state says that an entity is deleted.
    package static let life = UnitName("life")!
}

extension Change {
    static func parse(_ bytes: [UInt8], _ unit: UnitRef) throws(StoreError) -> JSON? {
        do { return try JSON.parse(bytes) } catch { throw .corrupt("the value of \(unit): \(error)") }
    }
}
