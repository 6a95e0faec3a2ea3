import Commerce
import Store

/// Connects channels to the engine, for the desk that adds and ends them.
protocol DeskChannels: Sendable {
    /// Begins to work on a channel, or takes over its new settings. Connected already: nothing changes.
    ///
    /// - Throws: ``DeskError`` whose text says what keeps the channel from being connected.
    func attach(_ record: ChannelRecord) async throws(DeskError)
    /// Checks that a channel with these settings could be connected: its secrets can be read and used.
    ///
    /// - Throws: ``DeskError`` that names the file and never what is in it.
    func check(_ settings: JSON) async throws(DeskError)
    /// Ends the work on a channel; returns when its batch under way has ended.
    func detach(_ id: ChannelID) async
}

extension ChannelWiring: DeskChannels {}
