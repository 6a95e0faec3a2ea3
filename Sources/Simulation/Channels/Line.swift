import ChannelAdapters
import Commerce

/// One process's way to a channel, which ends with the process.
///
/// What had been asked before may still arrive; nothing is asked after. Who was told to come back
/// later must not come sooner, as far as one process can remember that.
final class Line: ChannelAdapter, @unchecked Sendable {
    // Unchecked because one thread runs the world it lives in.
    private let channel: SimulatedChannel
    private var pushesAgainAt = Timestamp(milliseconds: 0)
    private var pullsAgainAt = Timestamp(milliseconds: 0)
    var isCut = false

    init(_ channel: SimulatedChannel) { self.channel = channel }

    private func open() throws(ChannelError) -> SimulatedChannel {
        if isCut { throw .cancelled }
        return channel
    }

    /// Asks for something, unless it was to wait, and remembers until when it is to wait next.
    private func heeding<T>(
        _ what: String, _ again: ReferenceWritableKeyPath<Line, Timestamp>,
        _ body: () async throws(ChannelError) -> T
    ) async throws(ChannelError) -> T {
        let now = channel.time.now()
        if now < self[keyPath: again] {
            channel.ledger.breaches.append(
                "\(channel.id): was \(what) \((self[keyPath: again] - now).milliseconds) ms before the time it had asked for")
        }
        do throws(ChannelError) {
            return try await body()
        } catch {
            if case .throttled(let asked?) = error { self[keyPath: again] = channel.time.now() + asked }
            throw error
        }
    }

    func capabilities() async throws(ChannelError) -> Capabilities { try await open().capabilities() }

    func push(_ batch: PushBatch) async throws(ChannelError) -> PushAnswer {
        let channel = try open()
        return try await heeding("pushed to", \.pushesAgainAt) { () async throws(ChannelError) in try await channel.push(batch) }
    }

    func pull(after cursor: PullCursor?, limit: Int) async throws(ChannelError) -> PullPage {
        let channel = try open()
        return try await heeding("asked for edits", \.pullsAgainAt) { () async throws(ChannelError) in
            try await channel.pull(after: cursor, limit: limit)
        }
    }

    func read(_ entities: [RemoteRef]) async throws(ChannelError) -> [Observation] { try await open().read(entities) }

    func enumerate(after position: String?, limit: Int) async throws(ChannelError) -> EnumerationPage {
        try await open().enumerate(after: position, limit: limit)
    }
}
