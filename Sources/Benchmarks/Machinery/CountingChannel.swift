import ChannelAdapters
import Commerce
import Synchronization

/// A channel that takes everything at once and counts it; or is dark.
final class CountingChannel: ChannelAdapter {
    private struct Count {
        var units = 0
        var requests = 0
        var isDark = false
    }

    private let count = Mutex(Count())

    var units: Int { count.withLock { $0.units } }
    var requests: Int { count.withLock { $0.requests } }
    func darken(_ isDark: Bool) { count.withLock { $0.isDark = isDark } }

    func capabilities() async throws(ChannelError) -> Capabilities {
        if count.withLock({ $0.isDark }) { throw .unreachable(reason: "the channel is dark") }
        return Capabilities(
            keepsClocks: true, comparesAndSwaps: true, recognisesKeys: true, batchMax: 1_000, generation: "g1")
    }

    func push(_ batch: PushBatch) async throws(ChannelError) -> PushAnswer {
        let isDark = count.withLock { count in
            if !count.isDark {
                count.units += batch.deltas.count
                count.requests += 1
            }
            return count.isDark
        }
        if isDark { throw .unreachable(reason: "the channel is dark") }
        return PushAnswer(outcomes: batch.deltas.map { _ in .stored(holding: nil) })
    }

    func pull(after cursor: PullCursor?, limit: Int) async throws(ChannelError) -> PullPage {
        PullPage(observations: [], next: cursor ?? PullCursor("0"), complete: true)
    }

    func read(_ entities: [RemoteRef]) async throws(ChannelError) -> [Observation] {
        entities.map { Observation(entity: $0, unit: nil, content: .absent) }
    }

    func enumerate(after position: String?, limit: Int) async throws(ChannelError) -> EnumerationPage {
        EnumerationPage(observations: [], next: nil)
    }
}
