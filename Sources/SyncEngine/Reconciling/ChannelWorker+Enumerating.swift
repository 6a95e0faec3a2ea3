import ChannelAdapters
import Commerce
import Store

extension ChannelWorker {
    /// Goes through all a channel lists, page by page, and keeps its place after each.
    ///
    /// What a page shows is only suspected: whatever seems to differ is read once more by
    /// itself, and so is what no page showed. A listing that shifts while it is paged thus
    /// costs a read and never a deletion.
    func enumerate(
        _ round: inout Round, _ progress: @Sendable (RoundFigures) async -> Void
    ) async throws(ChannelError) {
        repeat {
            try await same(round)
            try await pace(&round)
            let page = try await adapter.enumerate(after: round.position, limit: flow.pageMax)
            try check(page.generation, round.capabilities)
            // A listing cut in two by the page before seemed to lack units, and was read whole then.
            let remotes = ChannelWorker.listings(of: page).filter { $0 != round.readAhead }
            round.figures.listings += remotes.count
            crossed(remotes.count, &round)
            let looked = try await look(remotes, page.observations, round)
            _ = try await examine(looked.suspects, &round, isKeepingVanished: false)
            round.figures.compared += remotes.count
            round.readAhead = remotes.last.flatMap { looked.suspects.last == $0 ? $0 : nil }
            round.position = page.next
            if round.order.isDryRun {
                round.seen.formUnion(looked.known)
            } else {
                try await advance(round, seen: looked.known)
            }
            await progress(round.figures)
        } while round.position != nil && !Task.isCancelled
        guard !Task.isCancelled else { throw .cancelled }
        try await concludeUnseen(&round, progress)
    }

    private static func listings(of page: EnumerationPage) -> [RemoteRef] {
        var seen: Set<RemoteRef> = []
        return page.observations.compactMap { seen.insert($0.entity).inserted ? $0.entity : nil }
    }

    private func look(
        _ remotes: [RemoteRef], _ observations: [Observation], _ round: Round
    ) async throws(ChannelError) -> (suspects: [RemoteRef], known: [EntityRef]) {
        let settings = self.settings
        return try await stored { () async throws(StoreError) in
            try await self.store.read { reading throws(StoreError) in
                let judge = DriftJudge(
                    reading: reading, channel: round.record, settings: settings, capabilities: round.capabilities)
                let verdicts = try round.judge(remotes, observations, reading, settings)
                var suspects: [RemoteRef] = []
                var known: [EntityRef] = []
                for (remote, verdict) in zip(remotes, verdicts) {
                    if !verdict.isInStep { suspects.append(remote) }
                    if let entity = try judge.entity(remote) { known.append(entity) }
                }
                return (suspects, known)
            }
        }
    }

    private func advance(_ round: Round, seen: [EntityRef]) async throws(ChannelError) {
        try await stored { () async throws(StoreError) in
            try await self.store.write { writing throws(StoreError) in
                try writing.advanceRound(
                    round.record, position: round.position, figures: round.figures.json, seen: seen)
            }
        }
    }

    /// Looks by name for everything that no page showed.
    private func concludeUnseen(
        _ round: inout Round, _ progress: @Sendable (RoundFigures) async -> Void
    ) async throws(ChannelError) {
        let known = round
        let unseen = try await stored { () async throws(StoreError) in
            try await self.store.read { reading throws(StoreError) in
                let entities = try reading.unseen(
                    known.record, keepsClocks: known.capabilities.keepsClocks, changedBefore: known.startedAt, limit: .max)
                var remotes: [RemoteRef] = []
                for entity in entities where !known.seen.contains(entity) {
                    remotes.append(try reading.remote(entity, of: known.record))
                }
                return remotes
            }
        }
        let total = round.figures.listings + unseen.count
        var vanished: [DriftFinding] = []
        var rest = unseen[...]
        while !rest.isEmpty, !isTooMuch(vanished.count, of: total, round) {
            let some = Array(rest.prefix(200))
            rest = rest.dropFirst(some.count)
            vanished += try await examine(some, &round, isKeepingVanished: true)
            await progress(round.figures)
        }
        round.figures.listings = total
        round.figures.compared = total - rest.count
        try await conclude(vanished, &round, of: total)
    }
}
