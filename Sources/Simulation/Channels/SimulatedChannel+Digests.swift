package import ChannelAdapters
package import Commerce

extension SimulatedChannel {
    package func digests(of buckets: [DigestBucket], families: Set<String>?) async throws(ChannelError) -> DigestPage {
        try await before()
        var listings: [RemoteRef: [(unit: UnitName, hash: [UInt8])]] = [:]
        for key in units.keys.sorted() where families?.contains(key.unit.family) ?? true {
            guard let value = units[key]?.value, !value.isNull else { continue }
            listings[key.entity, default: []].append((key.unit, ListingDigest.hash(of: value.bytes)))
        }
        let tree = DigestTree(
            listings.keys.sorted().compactMap { listing in
                ListingDigest(of: listing, units: listings[listing] ?? []).map {
                    DigestTree.Leaf(place: DigestBucket.place(of: listing), digest: $0, key: listing)
                }
            })
        return DigestPage(generation: dataSet, buckets: buckets.map { SimulatedChannel.answer($0, tree) })
    }

    private static func answer(_ bucket: DigestBucket, _ tree: DigestTree<RemoteRef>) -> BucketDigest {
        let leaves = tree.leaves(of: bucket)
        let parts: BucketDigest.Parts =
            leaves.count <= 4 || bucket.children.isEmpty
            ? .listings(leaves.map { ListedDigest(listing: $0.key, digest: $0.digest) })
            : .buckets(bucket.children.map { tree.digest(of: $0) })
        return BucketDigest(bucket: bucket, count: leaves.count, digest: tree.digest(of: bucket), parts: parts)
    }

    /// Puts something in a unit's place that neither version, clock nor log tells of; nil takes the unit away.
    package func tamper(_ entity: RemoteRef, _ unit: UnitName, _ value: JSON?) {
        let key = Key(entity: entity, unit: unit)
        guard let value else { return units[key] = nil }
        if units[key] == nil { units[key] = Held(value: nil, clock: [:], version: 1, updatedAt: 0) }
        units[key]?.value = value
    }

    /// A moment's content, to be put back later as a backup would.
    package func snapshot(_ entity: RemoteRef, _ unit: UnitName) -> (() -> Void) {
        let key = Key(entity: entity, unit: unit)
        let held = units[key]
        return { self.units[key] = held }
    }

    /// An edit of its own people that its log forgets.
    package func editUntold(_ entity: RemoteRef, _ unit: UnitName, _ value: JSON) {
        let told = log.count
        edit(entity, unit, value)
        log.removeLast(log.count - told)
    }

    /// A write of another program, under a name of its own.
    package func intrude(_ entity: RemoteRef, _ unit: UnitName, _ value: JSON) {
        let key = Key(entity: entity, unit: unit)
        units[key]?.value = value
        units[key]?.dot = DotToken(actor: "ch:intruder:1", count: 1)
        units[key]?.clock["ch:intruder:1"] = 1
    }
}
