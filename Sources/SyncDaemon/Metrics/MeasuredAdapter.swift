import ChannelAdapters
import Commerce

/// An adapter that notes how long its channel takes to answer, and each page it gave.
struct MeasuredAdapter: ChannelAdapter {
    let channel: ChannelID
    let adapter: any ChannelAdapter
    let metrics: Metrics
    let time: any TimeSource

    func capabilities() async throws(ChannelError) -> Capabilities {
        try await measured("capabilities") { () async throws(ChannelError) in try await adapter.capabilities() }
    }

    func push(_ batch: PushBatch) async throws(ChannelError) -> PushAnswer {
        try await measured("push") { () async throws(ChannelError) in try await adapter.push(batch) }
    }

    func pull(after cursor: PullCursor?, limit: Int) async throws(ChannelError) -> PullPage {
        let page = try await measured("pull") { () async throws(ChannelError) in
            try await adapter.pull(after: cursor, limit: limit)
        }
        metrics.pull(channel: channel.text, result: "ok")
        return page
    }

    func read(_ entities: [RemoteRef]) async throws(ChannelError) -> [Observation] {
        try await measured("read") { () async throws(ChannelError) in try await adapter.read(entities) }
    }

    func enumerate(after position: String?, limit: Int) async throws(ChannelError) -> EnumerationPage {
        try await measured("enumerate") { () async throws(ChannelError) in
            try await adapter.enumerate(after: position, limit: limit)
        }
    }

    private func measured<T>(
        _ operation: String, _ body: () async throws(ChannelError) -> T
    ) async throws(ChannelError) -> T {
        let begun = time.monotonicNanoseconds()
        defer {
            let seconds = Double(time.monotonicNanoseconds() - begun) / 1e9
            metrics.exchange(channel: channel.text, operation: operation, seconds: seconds)
        }
        return try await body()
    }
}
