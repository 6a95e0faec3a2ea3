/// What a channel says of one bucket of its listings.
package struct BucketDigest: Hashable, Sendable {
    package enum Parts: Hashable, Sendable {
        /// The digests of its sixteen buckets, in their order.
        case buckets([ListingDigest])
        /// Every listing in it.
        case listings([ListedDigest])
    }

    package let bucket: DigestBucket
    /// How many listings are in it.
    package let count: Int
    package let digest: ListingDigest
    package let parts: Parts

    package init(bucket: DigestBucket, count: Int, digest: ListingDigest, parts: Parts) {
        self.bucket = bucket
        self.count = count
        self.digest = digest
        self.parts = parts
    }
}

/// One listing of a bucket.
package struct ListedDigest: Hashable, Sendable {
    package let listing: RemoteRef
    package let digest: ListingDigest

    package init(listing: RemoteRef, digest: ListingDigest) {
        self.listing = listing
        self.digest = digest
    }
}

/// The answer to a question for digests.
package struct DigestPage: Hashable, Sendable {
    /// Of the channel's own data: another one in the middle of a comparison ends it.
    package let generation: String?
    /// One for each bucket asked for, in that order.
    package let buckets: [BucketDigest]

    package init(generation: String?, buckets: [BucketDigest]) {
        self.generation = generation
        self.buckets = buckets
    }
}
