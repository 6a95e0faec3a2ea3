import ChannelAdapters
import Commerce
import TestKit
import Testing

@Suite struct ListingDigestTests {
    private let tea = RemoteRef(kind: .product, id: "p1")

    @Test func `the protocol's test vector comes out`() throws {
        let brand = try #require(UnitName("brand"))
        let value: JSON = ["name": "Tea"]
        let digest = ListingDigest(of: tea, units: [(brand, ListingDigest.hash(of: value.bytes))])
        #expect(digest?.text == "cd925ce61e9db70a27eef6bbd9885a3a36a6b72f734dd0006ff2a43ebf637849")
        #expect(String(DigestBucket.place(of: tea), radix: 16) == "f7eca7f70e954f93")
        #expect(ListingDigest(of: tea, units: []) == nil)
    }

    @Test func `a digest survives its own spelling`() throws {
        let digest = ListingDigest(bytes: Array(0..<32))
        #expect(ListingDigest(text: digest.text) == digest)
        #expect(ListingDigest(bytes: digest.bytes) == digest)
        #expect(ListingDigest(text: "+" + digest.text.dropFirst()) == nil)
        #expect(ListingDigest(text: "ab") == nil)
    }

    @Test(arguments: ["", "0", "3a", "fffffffffffffff"])
    func `a bucket's sixteen parts hold what it holds, each listing once`(name: String) throws {
        let bucket = try #require(DigestBucket(name))
        #expect(bucket.description == name)
        let places = bucket.places
        var next = places.lowerBound
        for child in bucket.children {
            #expect(child.places.lowerBound == next)
            next = child.places.upperBound &+ 1
        }
        #expect(bucket.children.isEmpty || next == places.upperBound &+ 1)
    }

    @Test func `the digests of the parts add up to that of the whole`() {
        let leaves = (0..<500).map { number in
            let listing = RemoteRef(kind: .sku, id: "s-\(number)")
            return DigestTree.Leaf(
                place: DigestBucket.place(of: listing),
                digest: ListingDigest(bytes: ListingDigest.hash(of: Array(listing.id.utf8))), key: number)
        }
        let tree = DigestTree(leaves)
        var sum = ListingDigest.none
        var count = 0
        for child in DigestBucket.everything.children {
            sum.toggle(tree.digest(of: child))
            count += tree.leaves(of: child).count
        }
        #expect(sum == tree.digest(of: .everything))
        #expect(count == 500)
        #expect(DigestBucket("3A") == nil && DigestBucket("0123456789abcdef") == nil)
    }
}
