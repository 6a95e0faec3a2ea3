package import Commerce

/// How the engine treats one channel, as the operator configured it.
package struct ChannelSettings: Hashable, Sendable {
    /// What becomes of an entity a channel has deleted.
    package enum Deletes: String, Sendable, CaseIterable {
        /// The master keeps it; nothing is asked.
        case ignore
        /// A person is asked whether the master shall delete it too.
        case propose
    }

    /// `web`, `app`: for people; the engine never branches on it.
    package var kind = "web"
    /// Families the channel gets; nil for all it wants itself.
    package var families: Set<String>?
    /// Families the channel, not the hub, decides.
    package var ownerOf: Set<String> = []
    /// Whether a product the channel made becomes one of the master's.
    package var creates = true
    package var deletes = Deletes.propose
    package var push = true
    package var pull = true
    package var pullEvery: Duration = .seconds(5)
    package var batchMax = 200
    package var requestsPerSecond: Double?
    /// What the channel does to values beyond what it says itself.
    package var projection = Projection()

    package init() {}

    /// Whether the channel gets a unit: one of its families, and not another channel's own.
    package func wants(_ unit: UnitName, channel: ChannelID, offered: Set<String>?) -> Bool {
        if let own = unit.channel, own != channel { return false }
        if unit.family == "life" { return true }
        if let families, !families.contains(unit.family) { return false }
        if let offered, !offered.contains(unit.family) { return false }
        return true
    }
}
