package import ChannelAdapters
package import Commerce

/// What really happened to a channel, counted where it happened; the judge believes this and not the hub.
package struct ChannelLedger: Sendable {
    /// How often each operation changed something.
    package internal(set) var applied: [String: Int] = [:]
    package internal(set) var requests = 0
    /// Deltas it was sent, repetitions included.
    package internal(set) var deltas = 0
    /// Every rule of the protocol the hub broke, in words.
    package internal(set) var breaches: [String] = []
    /// Edits of its own people since it last became another data set.
    package internal(set) var edits: [Edit] = []
    /// Operation ids by what they were for.
    var operations: [String: String] = [:]
    /// Every value a unit ever had here.
    var values: [SimulatedChannel.Key: Set<JSON>] = [:]
    /// Units that were sent and never answered, until they were read.
    var doubted: Set<SimulatedChannel.Key> = []
    /// Units whose push it acknowledged and lost.
    var forgotten: Set<SimulatedChannel.Key> = []

    package struct Edit: Sendable {
        package let unit: UnitName
        package let entity: RemoteRef
        package let value: JSON?
        package let dot: DotToken?
    }
}

/// What a world is told by its channels as it happens.
package struct ChannelWatch {
    /// A push landed: the channel now holds what the hub had at this change, and maybe more.
    package var stored: (_ channel: ChannelID, _ unit: UnitName, _ entity: RemoteRef, _ batch: String, _ sequence: Int64) -> Void
    /// An edit of the channel's own people.
    package var edited: (_ channel: ChannelID, _ edit: ChannelLedger.Edit) -> Void
}
