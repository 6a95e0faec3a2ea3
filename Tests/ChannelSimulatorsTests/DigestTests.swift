import ChannelAdapters
import Commerce
import TestKit
import Testing

@testable import ChannelSimulators

@Suite struct DigestTests {
    private let brand = UnitName("brand")!

    private func shop() -> ShopSimulator {
        ShopSimulator(
            channel: ChannelID("web")!, face: .deltaWithClocks, incarnation: "one", time: ManualTime())
    }

    private func whole(_ shop: ShopSimulator) async throws -> JSON? {
        try await shop.digests(["buckets": [""], "units": .null])["buckets"]?.array?.first
    }

    @Test func `digests kept up to date equal those made anew`() async throws {
        let kept = shop()
        let fresh = shop()
        for number in 0..<60 {
            let entity = RemoteRef(kind: .product, id: "p\(number)")
            await kept.edit(entity, brand, ["name": "before"])
            _ = try await whole(kept)
            await kept.edit(entity, brand, ["name": .string("after \(number)")])
            await fresh.edit(entity, brand, ["name": .string("after \(number)")])
        }
        let expected = try await whole(fresh)
        #expect(expected?["count"] == 60 && expected?["children"]?.array?.count == 16)
        #expect(try await whole(kept) == expected)
    }

    @Test(arguments: ShopSimulator.Planted.allCases)
    func `what is planted shows in the digest and in no feed`(what: ShopSimulator.Planted) async throws {
        let shop = shop()
        for number in 0..<5 {
            for word in ["one", "two"] {
                await shop.edit(RemoteRef(kind: .product, id: "p\(number)"), brand, ["name": .string(word)])
            }
        }
        let before = try await whole(shop)
        let told = try await shop.pull(since: nil, limit: 100)["deltas"]?.array?.count
        let planted = await shop.plant(what, count: 2, seed: 1)
        #expect(planted.count == 2)
        #expect(try await whole(shop)?["digest"] != before?["digest"])
        #expect(try await shop.pull(since: nil, limit: 100)["deltas"]?.array?.count == told)
    }
}
