import ChannelAdapters

/// One process's way to a channel, which ends with the process.
///
/// What had been asked before may still arrive; nothing is asked after.
final class Line: ChannelAdapter, @unchecked Sendable {
    // Unchecked because one thread runs the world it lives in.
    private let channel: SimulatedChannel
    var isCut = false

    init(_ channel: SimulatedChannel) { self.channel = channel }

    private func open() throws(ChannelError) -> SimulatedChannel {
        if isCut { throw .cancelled }
        return channel
    }

    func capabilities() async throws(ChannelError) -> Capabilities { try await open().capabilities() }

    func push(_ batch: PushBatch) async throws(ChannelError) -> PushAnswer { try await open().push(batch) }

    func pull(after cursor: PullCursor?, limit: Int) async throws(ChannelError) -> PullPage {
        try await open().pull(after: cursor, limit: limit)
    }

    func read(_ entities: [RemoteRef]) async throws(ChannelError) -> [Observation] { try await open().read(entities) }

    func enumerate(after position: String?, limit: Int) async throws(ChannelError) -> EnumerationPage {
        try await open().enumerate(after: position, limit: limit)
    }
}
