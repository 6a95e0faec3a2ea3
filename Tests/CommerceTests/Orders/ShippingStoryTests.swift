import Commerce
import Testing

@Suite struct ShippingStoryTests {
    private typealias Story = OrderStory

    @Test func `an order goes out in two parcels, arrives, is received and completed`() throws {
        var story = try Story.bought([(3, 100), (1, 200)])
        try story.does(Story.parcel("k1", [(1, 2)]))
        #expect(story.state.phase == .partlyShipped)
        try story.does(Story.parcel("k2", [(1, 1), (2, 1)]))
        #expect(story.state.phase == .shipped)
        try story.does(.delivered(parcel: Cart.id("k1")))
        #expect(story.state.line(1)?.delivered == 2)
        try story.does(.received(by: .buyer))
        try story.does(.completed)
        #expect(story.state.phase == .completed && story.state.problems.isEmpty)
        #expect(story.state.timeline.map(\.fact.key) == ["placed", "paid:wx/t1", "parcel:k1", "parcel:k2", "parcel:k1/delivered", "received", "completed"])
    }

    @Test func `more than was ordered, or what was not, does not leave`() throws {
        var story = try Story.bought([(3, 100), (1, 200)])
        try story.does(Story.parcel("k1", [(1, 2)]))
        for (lines, refusal) in [
            ([(1, 2)], .pieces(line: 1, wanted: 2, there: 1)), ([(1, 1), (1, 1)], .pieces(line: 1, wanted: 2, there: 1)),
            ([(7, 1)], .noSuchLine(7)), ([(2, 0)], .pieces(line: 2, wanted: 0, there: 1)), ([(2, -1)], .pieces(line: 2, wanted: -1, there: 1)),
            ([(1, .max), (1, .max)], .pieces(line: 1, wanted: .max, there: 1)), ([], .unknown("goods in parcel k2")),
        ] as [([(line: Int, pieces: Int64)], OrderRefusal)] {
            #expect(throws: refusal) { try story.does(Story.parcel("k2", lines)) }
        }
    }

    @Test func `what is unpaid or cancelled does not leave, and what left all the same is a problem for a person`() throws {
        var unpaid = Story()
        try unpaid.does(.placed(Story.order([(1, 100)])))
        #expect(throws: OrderRefusal.self) { try unpaid.does(Story.parcel("k1", [(1, 1)])) }
        unpaid.told(Story.parcel("k1", [(1, 1)]))
        #expect(unpaid.state.problems == [.shippedUnpaid])
        var cancelled = try Story.bought([(1, 100)])
        try cancelled.does(Story.cancelled(by: .buyer))
        cancelled.told(Story.parcel("k1", [(1, 2)]))
        #expect(cancelled.state.phase == .cancelled)
        #expect(cancelled.state.problems == [.shippedTooMany(line: 1, pieces: 2, ordered: 1), .shippedAlthoughCancelled])
    }

    @Test func `what has left cannot be cancelled by its buyer, and a channel that cancels it is a problem`() throws {
        var story = try Story.sent([(1, 100)])
        #expect(throws: OrderRefusal.self) { try story.does(Story.cancelled(by: .buyer)) }
        try story.does(Story.cancelled(by: .channel))
        #expect(story.state.problems == [.shippedAlthoughCancelled] && story.money.owedBack == 100)
    }

    @Test func `goods to be fetched are handed over when they are paid, and never sent`() throws {
        var story = Story()
        try story.does(.placed(Story.order([(1, 100)], pickUp: PickUp(place: .main, code: "4711"))))
        #expect(throws: OrderRefusal.self) { try story.does(.pickedUp) }
        try story.does(Story.paid(100))
        #expect(throws: OrderRefusal.onlyPickUp) { try story.does(Story.parcel("k1", [(1, 1)])) }
        try story.does(.pickedUp)
        #expect(story.state.phase == .received)
        var sent = try Story.bought([(1, 100)])
        #expect(throws: OrderRefusal.notForPickUp) { try sent.does(.pickedUp) }
    }

    @Test func `goods that are not sent wait for no parcel`() throws {
        var story = Story()
        try story.does(.placed(Story.order([PricedLine(sku: Cart.id("v"), quantity: 1, unit: 100)], unsent: [1])))
        try story.does(Story.paid(100))
        try story.does(.received(by: .buyer))
        #expect(story.state.phase == .received)
    }

    @Test func `nothing is invoiced beyond what the order cost`() throws {
        var story = try Story.bought([(1, 100)])
        try story.does(.invoiced(Cart.id("i1"), title: "Ltd", amount: 60))
        #expect(throws: OrderRefusal.amount(41, wanted: "40 are left to invoice")) {
            try story.does(.invoiced(Cart.id("i2"), title: "Ltd", amount: 41))
        }
    }
}
