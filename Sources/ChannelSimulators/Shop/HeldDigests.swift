import ChannelAdapters
import Commerce

/// The digests of what a shop holds, made once and then kept up to date entity by entity.
struct HeldDigests {
    /// What counts of each listing; nil for everything.
    private(set) var families: Set<String>?
    private var leaves: [RemoteRef: DigestTree<RemoteRef>.Leaf] = [:]
    private var stale: Set<RemoteRef> = []
    private var tree: DigestTree<RemoteRef>?
    private var isEmpty = true

    mutating func changed(_ entity: RemoteRef) {
        if !isEmpty { stale.insert(entity) }
    }

    /// The digests as they are now; only what changed since the last time is made again.
    mutating func now(_ entities: [RemoteRef: HeldEntity], families: Set<String>?) -> DigestTree<RemoteRef> {
        if isEmpty || families != self.families {
            self.families = families
            leaves = [:]
            stale = Set(entities.keys)
            isEmpty = false
        }
        if let tree, stale.isEmpty { return tree }
        for entity in stale {
            let digest = entities[entity].flatMap { $0.digest(of: entity, families: families) }
            leaves[entity] = digest.map {
                DigestTree.Leaf(place: leaves[entity]?.place ?? DigestBucket.place(of: entity), digest: $0, key: entity)
            }
        }
        stale = []
        let made = DigestTree(Array(leaves.values))
        tree = made
        return made
    }
}

extension HeldEntity {
    fileprivate func digest(of name: RemoteRef, families: Set<String>?) -> ListingDigest? {
        guard !isDeleted, !saysDeleted else { return nil }
        var held: [(unit: UnitName, hash: [UInt8])] = []
        for (unit, state) in units where families?.contains(unit.family) ?? true {
            guard let value = state.value, !value.isNull else { continue }
            held.append((unit, ListingDigest.hash(of: value.bytes)))
        }
        return ListingDigest(of: name, units: held)
    }
}
