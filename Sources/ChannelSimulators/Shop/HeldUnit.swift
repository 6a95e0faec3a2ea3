import ChannelAdapters
import Commerce

/// What the shop holds of one unit.
struct HeldUnit: Sendable {
    /// nil when it was removed; the clock must outlive the value.
    var value: JSON?
    /// Empty in shops that keep no clocks.
    var clock = SeenCounts()
    /// The shop's own write, while the value is still that write's.
    var dot: DotToken?
    var version: Int64 = 0
    /// Milliseconds UTC.
    var updatedAt: Int64 = 0

    /// What the author had seen before the own write, or what is seen now when the hub wrote last.
    var context: SeenCounts {
        guard let dot else { return clock }
        var before = clock
        before[dot.actor] = Int64(dot.count) - 1
        return before
    }
}

/// What the shop holds of one entity.
struct HeldEntity: Sendable {
    var units: [UnitName: HeldUnit] = [:]
    /// As it was before the last write, for shops that read from a replica that lags.
    var past: [UnitName: HeldUnit] = [:]
    var version: Int64 = 0
    var updatedAt: Int64 = 0
    /// Gone as a whole; only plain shops tell.
    var isDeleted = false

    var unitsInOrder: [UnitName] { units.keys.sorted { $0.text.utf8.lexicographicallyPrecedes($1.text.utf8) } }
}

/// One line of the log that pulls are answered from.
struct LoggedEdit: Sendable {
    let entity: RemoteRef
    let unit: UnitName
    let held: HeldUnit
    /// Not the hub's write come back.
    let isOwn: Bool
}
