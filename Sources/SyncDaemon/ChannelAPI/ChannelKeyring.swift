import ChannelAdapters
import Commerce

/// Knows the keys channels sign with.
protocol ChannelKeyring: Sendable {
    /// Checks against all keys of a channel, rotation's old ones included.
    ///
    /// - Returns: nil for a channel that does not exist or was retired.
    func signatures(of channel: ChannelID) async throws(DeskError) -> StandardWebhooks?
}
