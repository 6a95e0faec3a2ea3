import ChannelAdapters
import Commerce
import Store

extension ChannelWorker {
    /// Buckets asked about in one request.
    private static let bucketsAtOnce = 64

    /// Follows what differs from the whole down to single listings, and reads those.
    func descend(
        _ round: inout Round, _ progress: @Sendable (RoundFigures) async -> Void
    ) async throws(ChannelError) {
        let tree = try await expectedDigests(round)
        round.figures.listings = tree.count
        let wanted = families(round.capabilities)
        var frontier: [DigestBucket] = [.everything]
        var differing: [RemoteRef] = []
        var missing: [RemoteRef] = []
        while !frontier.isEmpty, !Task.isCancelled {
            let asked = Array(frontier.prefix(ChannelWorker.bucketsAtOnce))
            frontier.removeFirst(asked.count)
            try await same(round)
            try await pace(&round)
            let page = try await adapter.digests(of: asked, families: wanted)
            try check(page.generation, round.capabilities)
            for answer in page.buckets {
                round.figures.buckets += 1
                if answer.digest == tree.digest(of: answer.bucket) { continue }
                round.figures.mismatches += 1
                switch answer.parts {
                case .buckets(let children):
                    for (child, digest) in zip(answer.bucket.children, children) where tree.digest(of: child) != digest {
                        frontier.append(child)
                    }
                case .listings(let shown):
                    let difference = try await difference(shown, Array(tree.leaves(of: answer.bucket)), round)
                    differing += difference.differing
                    missing += difference.missing
                }
            }
            await progress(round.figures)
        }
        guard !Task.isCancelled else { throw .cancelled }
        try await conclude(missing, differing, &round, progress)
    }

    private func conclude(
        _ missing: [RemoteRef], _ differing: [RemoteRef], _ round: inout Round,
        _ progress: @Sendable (RoundFigures) async -> Void
    ) async throws(ChannelError) {
        var vanished: [DriftFinding] = []
        var rest = missing[...]
        // What is missing is asked for by name before anything is concluded, and no longer than needed.
        while !rest.isEmpty, !isTooMuch(vanished.count, of: round.figures.listings, round) {
            let some = Array(rest.prefix(500))
            rest = rest.dropFirst(some.count)
            vanished += try await examine(some, &round, isKeepingVanished: true)
            await progress(round.figures)
        }
        try await conclude(vanished, &round, of: round.figures.listings)
        guard round.figures.disbelieved == nil else { return }
        _ = try await examine(differing, &round, isKeepingVanished: false)
        round.figures.compared = round.figures.listings
        await progress(round.figures)
    }

    /// Which listings of a bucket differ, and which the channel does not list at all.
    private func difference(
        _ shown: [ListedDigest], _ leaves: [DigestTree<Int64>.Leaf], _ round: Round
    ) async throws(ChannelError) -> (differing: [RemoteRef], missing: [RemoteRef]) {
        let record = round.record
        let ours = try await stored { () async throws(StoreError) in
            try await self.store.read { reading throws(StoreError) in
                var ours: [(remote: RemoteRef, digest: ListingDigest)] = []
                for leaf in leaves {
                    guard let entity = try reading.entities(numbered: [leaf.key]).first else { continue }
                    ours.append((try reading.remote(entity, of: record), leaf.digest))
                }
                return ours
            }
        }
        let known = Dictionary(ours.map { ($0.remote, $0.digest) }, uniquingKeysWith: { first, _ in first })
        let listed = Set(shown.map(\.listing))
        return (
            shown.filter { known[$0.listing] != $0.digest }.map(\.listing),
            ours.map(\.remote).filter { !listed.contains($0) }
        )
    }

    /// The families that count, in the words of the question; nil for all.
    private func families(_ capabilities: Capabilities) -> Set<String>? {
        switch (settings.families, capabilities.families) {
        case (nil, nil): nil
        case (let own?, nil): own.union(["life"])
        case (nil, let offered?): offered.union(["life"])
        case (let own?, let offered?): own.intersection(offered).union(["life"])
        }
    }
}
