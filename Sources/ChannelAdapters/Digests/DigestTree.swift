/// The digests of all listings of one holder, in the order of their places.
///
/// A node's digest is summed up when it is asked for, one exclusive or a listing, so
/// nothing but the leaves is kept and nothing has to be put right when one changes.
package struct DigestTree<Key: Sendable>: Sendable {
    package struct Leaf: Sendable {
        package let place: UInt64
        package let digest: ListingDigest
        package let key: Key

        package init(place: UInt64, digest: ListingDigest, key: Key) {
            self.place = place
            self.digest = digest
            self.key = key
        }
    }

    private let leaves: [Leaf]

    package init(_ leaves: [Leaf]) { self.leaves = leaves.sorted { $0.place < $1.place } }

    package var count: Int { leaves.count }

    package func leaves(of bucket: DigestBucket) -> ArraySlice<Leaf> {
        let places = bucket.places
        let start = firstIndex { $0 >= places.lowerBound }
        let end = firstIndex { $0 > places.upperBound }
        return leaves[start..<max(start, end)]
    }

    package func digest(of bucket: DigestBucket) -> ListingDigest {
        var sum = ListingDigest.none
        for leaf in leaves(of: bucket) { sum.toggle(leaf.digest) }
        return sum
    }

    private func firstIndex(where isBehind: (UInt64) -> Bool) -> Int {
        var low = 0
        var high = leaves.count
        while low < high {
            let middle = (low + high) / 2
            if isBehind(leaves[middle].place) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
