import Commerce

extension DeltaAdapter {
    package func digests(of buckets: [DigestBucket], families: Set<String>?) async throws(ChannelError) -> DigestPage {
        let answer = try await ask(.post, "/digests", body: DeltaWriter.digests(of: buckets, families: families))
        return try ChannelExchange.reading { () throws(AnswerFault) in try answer.digests(of: buckets) }
    }
}

extension AnswerReader {
    /// The answer to `POST digests`: the buckets asked for, in any order.
    func digests(of buckets: [DigestBucket]) throws(AnswerFault) -> DigestPage {
        var found: [DigestBucket: BucketDigest] = [:]
        for element in try member("buckets").elements() {
            let one = try element.bucketDigest()
            found[one.bucket] = one
        }
        var ordered: [BucketDigest] = []
        for bucket in buckets {
            guard let one = found[bucket] else { throw try member("buckets").fault("lacks the bucket \"\(bucket)\"") }
            ordered.append(one)
        }
        return DigestPage(generation: try member("generation").mark(), buckets: ordered)
    }

    private func bucketDigest() throws(AnswerFault) -> BucketDigest {
        let name = try member("bucket")
        guard let bucket = DigestBucket(try name.string()) else { throw name.fault("must be up to 15 hexadecimal digits") }
        return BucketDigest(
            bucket: bucket, count: Int(try member("count").integer(in: 0...1_000_000_000)),
            digest: try member("digest").digest(), parts: try parts(of: bucket))
    }

    private func parts(of bucket: DigestBucket) throws(AnswerFault) -> BucketDigest.Parts {
        if let listings = try optional("listings") {
            var listed: [ListedDigest] = []
            for element in try listings.elements() {
                listed.append(ListedDigest(listing: try element.entity(), digest: try element.member("digest").digest()))
            }
            return .listings(listed)
        }
        let children = try member("children")
        var digests: [ListingDigest] = []
        for element in try children.elements() { digests.append(try element.digest()) }
        guard digests.count == 16, !bucket.children.isEmpty else { throw children.fault("must have 16 elements") }
        return .buckets(digests)
    }

    private func digest() throws(AnswerFault) -> ListingDigest {
        guard let digest = ListingDigest(text: try string()) else { throw fault("must be 64 hexadecimal digits") }
        return digest
    }
}
