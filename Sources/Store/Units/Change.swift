package import Commerce
package import ConflictResolution

/// One accepted write, as the feed keeps it.
package struct Change: Sendable {
    package let sequence: Int64
    package let unit: UnitRef
    /// The change of the same unit before this one.
    package let previous: Int64?
    package let dot: Dot
    package let context: VectorClock
    /// All that was known of the unit after this change.
    package let clock: VectorClock
    package let stamp: Stamp
    package let at: Timestamp
    /// What its author wrote; nil: a deletion. Canonical JSON bytes.
    package let value: [UInt8]?
    /// What was live after it; the same bytes unless a policy decided otherwise.
    package let live: [UInt8]?
    package let prevailed: Bool
    package let author: String
    package let origin: UnitWrite.Origin
    package let reason: String?
    package let question: Resolution.Question?

    static let columns = """
        change.seq, change.entity, change.name, change.previous, change.actor, change.count, change.context,
        change.clock, change.stamp, change.at, change.value, change.live, change.live_value, change.author,
        change.origin, change.reason, change.question
        """

    /// Decodes a row of ``columns``; `entity` is looked up by the caller, who often knows it.
    init(_ row: Columns, entity: EntityRef, _ directory: Directory) throws(StoreError) {
        sequence = try row.integer(0)
        guard let name = directory.unit(try row.integer(2)), let actor = directory.actor(try row.integer(4)) else {
            throw .corrupt("change \(sequence) names a unit or an actor that is not listed")
        }
        unit = UnitRef(entity, name)
        previous = row.isNull(3) ? nil : try row.integer(3)
        dot = Dot(actor: actor, count: UInt64(bitPattern: try row.integer(5)))
        context = try row.withBytes(6) { bytes throws(StoreError) in try UnitState.decodeClock(bytes, directory) }
        clock = try row.withBytes(7) { bytes throws(StoreError) in try UnitState.decodeClock(bytes, directory) }
        stamp = Stamp(raw: UInt64(bitPattern: try row.integer(8)))
        at = Timestamp(milliseconds: try row.integer(9))
        let value = row.isNull(10) ? nil : try row.bytes(10)
        self.value = value
        prevailed = try row.integer(11) == 0
        live = prevailed ? value : row.isNull(12) ? nil : try row.bytes(12)
        author = try row.text(13)
        origin = UnitWrite.Origin(rawValue: try row.text(14)) ?? .api
        reason = row.isNull(15) ? nil : try row.text(15)
        question = row.isNull(16) ? nil : Resolution.Question(rawValue: try row.text(16))
    }

    /// Decodes a row of ``columns`` followed by its entity's kind and id.
    init(_ row: Columns, _ directory: Directory) throws(StoreError) {
        try self.init(row, entity: try EntityRef(row, at: 17), directory)
    }

    /// What its author wrote, read back from the canonical bytes.
    package func valueJSON() throws(StoreError) -> JSON? { try Change.parse(value, sequence) }
    /// What was live after it, read back from the canonical bytes.
    package func liveJSON() throws(StoreError) -> JSON? { try Change.parse(live, sequence) }

    static func parse(_ bytes: [UInt8]?, _ sequence: Int64) throws(StoreError) -> JSON? {
        guard let bytes else { return nil }
        do { return try JSON.parse(bytes) } catch { throw .corrupt("the value of change \(sequence): \(error)") }
    }
}
