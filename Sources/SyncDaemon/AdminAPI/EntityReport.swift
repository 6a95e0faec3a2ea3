import Commerce

/// An entity as operators see it.
struct EntityReport: Hashable, Sendable {
    struct Unit: Hashable, Sendable {
        var name: UnitName
        /// nil for a deleted unit.
        var value: JSON?
        /// Actor text to count, as on the wire.
        var clock: JSON
        var sequence: Int64
        /// Digest of the unit's clock; what `If-Match` is compared with.
        var tag: String
        /// Concurrent versions kept beside the live one.
        var siblings: Int

        var json: JSON {
            [
                "unit": .string(name.text), "value": value ?? .null, "deleted": .bool(value == nil), "clock": clock,
                "seq": .integer(sequence), "etag": .string(tag), "siblings": .integer(Int64(siblings)),
            ]
        }
    }

    var ref: EntityRef
    var deleted: Bool
    /// In unit order.
    var units: [Unit]
    /// Digest of all the clocks.
    var tag: String

    var json: JSON {
        [
            "entity": ["kind": .string(ref.kind.rawValue), "id": .string(ref.id.text)], "deleted": .bool(deleted),
            "etag": .string(tag), "units": .array(units.map(\.json)),
        ]
    }
}
