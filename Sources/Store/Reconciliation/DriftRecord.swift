package import Commerce
import Foundation
import GRDB

/// One place where a channel showed something other than it should.
package struct DriftRecord: Sendable {
    package let number: Int64
    /// The channel's number, for whoever lists several.
    package let channel: Int64
    /// `kind/id`: ours where the hub knows the entity, the channel's own otherwise.
    package let listing: String
    /// nil where it concerns the listing as a whole.
    package let unit: UnitName?
    package let round: Int64
    package let kind: DriftClass
    /// By what it was told apart, in words.
    package let reason: String
    /// SHA-256 of what it should show; nil: nothing.
    package let expected: [UInt8]?
    /// What it showed, canonical JSON, cut where it is long; nil: nothing.
    package let shown: [UInt8]?
    package let remedy: DriftRemedy
    /// The change that puts the unit right once the channel has it.
    package let healing: Int64?
    package let foundAt: Timestamp
    package let healedAt: Timestamp?

    static let columns = """
        drift.num, drift.channel, drift.listing, drift.unit, drift.round, drift.class, drift.reason, drift.expected,
        drift.shown, drift.remedy, drift.healing, drift.found_at, drift.healed_at
        """

    init(_ row: Row) throws(StoreError) {
        number = try row.read(0)
        channel = try row.read(1)
        listing = try row.read(2)
        unit = try row.read(3, as: String?.self).flatMap { UnitName($0) }
        round = try row.read(4)
        guard let kind = DriftClass(rawValue: try row.read(5)), let remedy = DriftRemedy(rawValue: try row.read(9)) else {
            throw .corrupt("drift \(number) cannot be read")
        }
        self.kind = kind
        reason = try row.read(6)
        expected = try row.read(7, as: Data?.self).map { [UInt8]($0) }
        shown = try row.read(8, as: Data?.self).map { [UInt8]($0) }
        self.remedy = remedy
        healing = try row.read(10)
        foundAt = Timestamp(milliseconds: try row.read(11))
        healedAt = try row.read(12, as: Int64?.self).map { Timestamp(milliseconds: $0) }
    }
}

/// Drift as it is found, on its way to being kept.
package struct DriftFound: Sendable {
    package var listing: String
    package var unit: UnitName?
    package var kind: DriftClass
    package var reason: String
    package var expected: [UInt8]?
    package var shown: [UInt8]?
    package var remedy: DriftRemedy
    package var healing: Int64?

    package init(
        listing: String, unit: UnitName?, kind: DriftClass, reason: String, expected: [UInt8]?, shown: [UInt8]?,
        remedy: DriftRemedy, healing: Int64?
    ) {
        self.listing = listing
        self.unit = unit
        self.kind = kind
        self.reason = reason
        self.expected = expected
        self.shown = shown
        self.remedy = remedy
        self.healing = healing
    }
}
