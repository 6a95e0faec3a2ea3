import ChannelAdapters
import Commerce
import Simulation

/// A shop as the daemon reaches it: the power may go before a request leaves and before its answer is there.
final class WiredChannel: ChannelAdapter, @unchecked Sendable {
    // Unchecked because one thread runs everything in it.
    private let shop: SimulatedChannel
    private let disk: FaultyDisk
    private let outside: Outside

    init(_ shop: SimulatedChannel, disk: FaultyDisk, outside: Outside) {
        self.shop = shop
        self.disk = disk
        self.outside = outside
    }

    private func exchange<T>(_ body: () async throws(ChannelError) -> T) async throws(ChannelError) -> T {
        guard disk.step() else { throw .unreachable(reason: "no power") }
        let answer: T
        do throws(ChannelError) { answer = try await body() } catch {
            disk.step()
            throw error
        }
        guard disk.step() else { throw .unknown(reason: "no power") }
        return answer
    }

    func capabilities() async throws(ChannelError) -> Capabilities {
        var found = try await exchange { () async throws(ChannelError) in try await self.shop.capabilities() }
        if let generation = outside.generations[shop.id] { found.generation = generation }
        return found
    }

    func push(_ batch: PushBatch) async throws(ChannelError) -> PushAnswer {
        try await exchange { () async throws(ChannelError) in try await self.shop.push(batch) }
    }

    func pull(after cursor: PullCursor?, limit: Int) async throws(ChannelError) -> PullPage {
        let page = try await exchange { () async throws(ChannelError) in
            try await self.shop.pull(after: cursor, limit: limit)
        }
        let gone = page.complete ? outside.vanished.sorted().map { Observation(entity: $0, unit: nil, content: .absent) } : []
        return PullPage(
            observations: page.observations + gone, faults: page.faults, next: page.next, complete: page.complete,
            generation: outside.generations[shop.id] ?? page.generation)
    }

    func read(_ entities: [RemoteRef]) async throws(ChannelError) -> [Observation] {
        try await exchange { () async throws(ChannelError) in try await self.shop.read(entities) }
    }

    func enumerate(after position: String?, limit: Int) async throws(ChannelError) -> EnumerationPage {
        let page = try await exchange { () async throws(ChannelError) in
            try await self.shop.enumerate(after: position, limit: limit)
        }
        return EnumerationPage(
            observations: page.observations, next: page.next, generation: outside.generations[shop.id] ?? page.generation)
    }
}
