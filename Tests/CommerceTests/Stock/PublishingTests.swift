import Commerce
import Testing

@Suite struct PublishingTests {
    private static let there = Availability(pool: 100)

    @Test func `share, floor, cap, fence and buffer each do what they say`() throws {
        #expect(PublishingPolicy.standard.published(Self.there) == 100)
        #expect(try PublishingPolicy(share: 333).published(Self.there) == 33)
        #expect(try PublishingPolicy(floor: 5).published(Availability(pool: 4)) == 0)
        #expect(try PublishingPolicy(floor: 5).published(Availability(pool: 5)) == 5)
        #expect(try PublishingPolicy(cap: 10).published(Self.there) == 10)
        #expect(try PublishingPolicy(buffer: 30).published(Self.there) == 70)
        #expect(PublishingPolicy.standard.published(Availability(pool: 100, fencedForOthers: 40)) == 60)
        #expect(PublishingPolicy.standard.published(Availability(pool: 3, fencedForOthers: 40)) == 0)
    }

    @Test func `a channel that sells on its own is shown its right and nothing of the pool`() throws {
        let policy = try PublishingPolicy(share: 0)
        #expect(policy.published(Availability(pool: 1_000, right: 7)) == 7)
    }

    @Test func `enormous numbers are shown exactly`() throws {
        let all = Availability(pool: StockQuantity.max)
        #expect(try PublishingPolicy(share: 999).published(all) == StockQuantity.max / 1000 * 999)
        #expect(PublishingPolicy.buffer(sold: .max, in: .milliseconds(1), lag: .seconds(86_400)) == StockQuantity.max)
    }

    @Test(arguments: [(Int64(-1), Int64(0)), (Int64(1001), Int64(0)), (Int64(500), Int64(-1)), (Int64(500), StockQuantity.max + 1)])
    func `a policy out of bounds is refused`(share: Int64, buffer: Int64) {
        #expect(throws: ValidationFailure.self) { try PublishingPolicy(share: share, buffer: buffer) }
    }

    @Test func `the buffer is what sells while the channel lags behind`() {
        #expect(PublishingPolicy.buffer(sold: 120, in: .seconds(3_600), lag: .seconds(90)) == 3)
        #expect(PublishingPolicy.buffer(sold: 121, in: .seconds(3_600), lag: .seconds(90)) == 4)
        #expect(PublishingPolicy.buffer(sold: 0, in: .seconds(3_600), lag: .seconds(90)) == 0)
    }

    @Test func `the product says which guarantee holds for a channel`() {
        #expect(QuantityCapability.adjust.guarantee(buffer: 3, sharesPool: false) == .exact)
        #expect(QuantityCapability.compareAndSet.guarantee(buffer: 3, sharesPool: false) == .exact)
        #expect(QuantityCapability.set.guarantee(buffer: 3, sharesPool: false) == .bounded(3))
        #expect(QuantityCapability.adjust.guarantee(buffer: 0, sharesPool: true) == .told)
    }

    @Test func `a plain number goes out only while no order can be under way unseen`() {
        #expect(QuantityWrite(.set, known: 5, wanted: 9) == .set(9))
        #expect(QuantityWrite(.set, known: nil, wanted: 9) == .set(9))
        #expect(QuantityWrite(.adjust, known: 5, wanted: 2) == .adjust(by: -3))
        #expect(QuantityWrite(.compareAndSet, known: 5, wanted: 2) == .compareAndSet(from: 5, to: 2))
        // One unit is sold there that nobody was told of: it must not come back.
        #expect(QuantityWrite(.compareAndSet, known: 5, wanted: 7, holds: 4) == .compareAndSet(from: 4, to: 6))
        #expect(QuantityWrite(.compareAndSet, known: 5, wanted: 0, holds: 4) == nil)
        #expect(QuantityWrite(.adjust, known: nil, wanted: 2) == nil)
        #expect(QuantityWrite(.adjust, known: 2, wanted: 2) == nil)
    }
}
