package import Commerce
package import ConflictResolution
import Foundation
import GRDB

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
    init(_ row: Row, entity: EntityRef, _ directory: Directory) throws(StoreError) {
        sequence = try row.read(0)
        guard let name = directory.unit(try row.read(2)), let actor = directory.actor(try row.read(4)) else {
            throw .corrupt("change \(sequence) names a unit or an actor that is not listed")
        }
        unit = UnitRef(entity, name)
        previous = try row.read(3)
        dot = Dot(actor: actor, count: UInt64(bitPattern: try row.read(5)))
        context = try UnitState.decodeClock(try row.read(6), directory)
        clock = try UnitState.decodeClock(try row.read(7), directory)
        stamp = Stamp(raw: UInt64(bitPattern: try row.read(8)))
        at = Timestamp(milliseconds: try row.read(9))
        let value = try row.read(10, as: Data?.self).map { [UInt8]($0) }
        self.value = value
        prevailed = try row.read(11, as: Int64.self) == 0
        live = prevailed ? value : try row.read(12, as: Data?.self).map { [UInt8]($0) }
        author = try row.read(13)
        origin = UnitWrite.Origin(rawValue: try row.read(14)) ?? .api
        reason = try row.read(15)
        question = try row.read(16, as: String?.self).flatMap { Resolution.Question(rawValue: $0) }
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
