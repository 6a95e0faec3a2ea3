import ChannelAdapters
import Commerce
import Store

extension ChannelWorker {
    /// Entities digested in one transaction.
    private static let digestedAtOnce = 500

    /// The digests of what the channel should show.
    ///
    /// For a channel with clocks they are kept, and only entities that changed since the
    /// last time are read; for one without, the shadows already hold a hash a unit.
    func expectedDigests(_ round: Round) async throws(ChannelError) -> DigestTree<Int64> {
        let record = round.record
        guard round.capabilities.keepsClocks else {
            let settings = self.settings
            let offered = round.capabilities.families
            return try await stored { () async throws(StoreError) in
                try await self.store.read { reading throws(StoreError) in
                    try ShadowDigests(reading, record, settings, offered: offered).tree()
                }
            }
        }
        return try await stored { () async throws(StoreError) in
            try await self.digestChanged(record, round.capabilities)
            return try await self.store.read { reading throws(StoreError) in
                DigestTree(
                    try reading.listings(record).map {
                        DigestTree.Leaf(place: $0.place, digest: ListingDigest(bytes: $0.digest), key: $0.entity)
                    })
            }
        }
    }

    private func digestChanged(_ record: ChannelRecord, _ capabilities: Capabilities) async throws(StoreError) {
        let settings = self.settings
        let rules = ContentHash.of(
            .array([
                .integer(1), settings.json["families"] ?? .null, .array(settings.projection.rules.map(\.json)),
                .array(capabilities.projection.rules.map(\.json)),
                .array((capabilities.families ?? []).sorted().map { .string($0) }), .bool(capabilities.families == nil),
            ]))
        let due = try await store.read { reading throws(StoreError) in try reading.undigested(record, rules: rules) }
        var rest = due.entities[...]
        while !rest.isEmpty, !Task.isCancelled {
            let some = Array(rest.prefix(ChannelWorker.digestedAtOnce))
            rest = rest.dropFirst(some.count)
            let made = try await store.read { reading throws(StoreError) in
                var rows: [ListingRow] = []
                for number in some {
                    let digest = try LiveDigest(reading, record, settings, capabilities).row(number)
                    if let digest { rows.append(digest) }
                }
                return rows
            }
            let listed = Set(made.map(\.entity))
            let gone = some.filter { !listed.contains($0) }
            try await store.write { writing throws(StoreError) in try writing.digest(record, made, gone: gone) }
        }
        guard rest.isEmpty, !due.entities.isEmpty || due.isFresh else { return }
        try await store.write { writing throws(StoreError) in
            try writing.digested(record, through: due.through, rules: rules)
        }
    }
}

/// Digests what is live, as a channel with clocks should show it.
private struct LiveDigest {
    private let reading: Reading
    private let channel: ChannelRecord
    private let settings: ChannelSettings
    private let capabilities: Capabilities
    private let isProjecting: Bool

    init(_ reading: Reading, _ channel: ChannelRecord, _ settings: ChannelSettings, _ capabilities: Capabilities) {
        self.reading = reading
        self.channel = channel
        self.settings = settings
        self.capabilities = capabilities
        isProjecting = !(settings.projection.rules.isEmpty && capabilities.projection.rules.isEmpty)
    }

    func row(_ number: Int64) throws(StoreError) -> ListingRow? {
        guard let entity = try reading.entities(numbered: [number]).first else { return nil }
        let likeness = Likeness(settings: settings, capabilities: capabilities)
        var units: [(unit: UnitName, hash: [UInt8])] = []
        for head in try reading.heads(entity) {
            let name = head.unit.unit
            guard let live = head.live else { continue }
            if name.family == "life", try head.liveJSON()?["state"] == "deleted" { return nil }
            guard settings.wants(name, channel: channel.id, offered: capabilities.families) else { continue }
            guard isProjecting, let value = try head.liveJSON() else {
                units.append((name, ContentHash.of(live)))
                continue
            }
            let shown = likeness.projected(value, name)
            if !shown.isNull { units.append((name, ContentHash.of(shown.bytes))) }
        }
        let remote = try reading.remote(entity, of: channel)
        guard let digest = ListingDigest(of: remote, units: units) else { return nil }
        return ListingRow(entity: number, place: DigestBucket.place(of: remote), digest: digest.bytes)
    }
}

/// Digests what the shadows say a channel without clocks shows.
private struct ShadowDigests {
    private let reading: Reading
    private let channel: ChannelRecord
    private let settings: ChannelSettings
    private let offered: Set<String>?

    init(_ reading: Reading, _ channel: ChannelRecord, _ settings: ChannelSettings, offered: Set<String>?) {
        self.reading = reading
        self.channel = channel
        self.settings = settings
        self.offered = offered
    }

    func tree() throws(StoreError) -> DigestTree<Int64> {
        let nothing = [ContentHash.of(nil), ContentHash.of(JSON.null)]
        let deleted = ContentHash.of(["state": "deleted"])
        var found: [(number: Int64, entity: EntityRef, units: [(unit: UnitName, hash: [UInt8])])] = []
        try reading.eachShadowed(channel) { number, entity, units in
            if units.contains(where: { $0.unit.family == "life" && $0.hash == deleted }) { return }
            let shown = units.filter {
                settings.wants($0.unit, channel: channel.id, offered: offered) && !nothing.contains($0.hash)
            }
            if !shown.isEmpty { found.append((number, entity, shown)) }
        }
        var leaves: [DigestTree<Int64>.Leaf] = []
        for one in found {
            let remote = try reading.remote(one.entity, of: channel)
            guard let digest = ListingDigest(of: remote, units: one.units) else { continue }
            leaves.append(DigestTree.Leaf(place: DigestBucket.place(of: remote), digest: digest, key: one.number))
        }
        return DigestTree(leaves)
    }
}
