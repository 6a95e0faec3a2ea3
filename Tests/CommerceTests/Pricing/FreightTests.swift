import Commerce
import Testing

@Suite struct FreightTests {
    private let south = Region(["CN", "44"])
    private func template(_ basis: FreightTemplate.Basis, excluded: [Region] = []) -> FreightTemplate {
        FreightTemplate(
            name: "post", basis: basis,
            zones: [
                .init(region: Region(["CN"]), first: 1_000, firstFee: 800, next: 500, nextFee: 200),
                .init(region: south, first: 1_000, firstFee: 500, next: 500, nextFee: 100, freeFromAmount: 9_900),
            ], excluded: excluded)
    }

    private func fee(_ items: [PricedItem], to region: Region?, by template: FreightTemplate) throws -> [Int64] {
        try PricePipeline.price(
            Cart.request(items) {
                $0.freight = template
                $0.destination = region
            }).lines.map(\.freight)
    }

    private func parcel(_ name: String, grams: Int64, at price: Int64 = 100, _ quantity: Int64 = 1) -> PricedItem {
        var item = Cart.item(name, quantity, at: price)
        item.measure.grams = grams
        return item
    }

    @Test func `every begun further step costs, a full first one does not`() throws {
        for (grams, expected) in [(1, 800), (1_000, 800), (1_001, 1_000), (1_500, 1_000), (1_501, 1_200)] as [(Int64, Int64)] {
            #expect(try fee([parcel("a", grams: grams)], to: Region(["CN", "11"]), by: template(.weight)) == [expected], "\(grams) g")
        }
    }

    @Test func `the most precise zone decides, and it may be free from a price on`() throws {
        #expect(try fee([parcel("a", grams: 1)], to: Region(["CN", "44", "03"]), by: template(.weight)) == [500])
        #expect(try fee([parcel("a", grams: 1, at: 9_900)], to: south, by: template(.weight)) == [0])
        #expect(try fee([parcel("a", grams: 1, at: 9_899)], to: south, by: template(.weight)) == [500])
    }

    @Test func `freight is shared by what it is counted by, and goods that are not sent cost none`() throws {
        var voucher = parcel("v", grams: 5_000)
        voucher.measure.isSent = false
        let items = [parcel("a", grams: 600), parcel("b", grams: 300, 2), voucher]
        #expect(try fee(items, to: Region(["CN", "11"]), by: template(.weight)) == [500, 500, 0])
        #expect(try fee([voucher], to: nil, by: template(.weight)) == [0])
    }

    @Test func `a place it does not go to is said, with the goods`() {
        let away = Region(["CN", "54"])
        #expect(throws: PricingFault.notDelivered(line: 0, away)) {
            try fee([parcel("a", grams: 1)], to: away, by: template(.weight, excluded: [away]))
        }
        #expect(throws: PricingFault.notDelivered(line: 0, Region(["US"]))) {
            try fee([parcel("a", grams: 1)], to: Region(["US"]), by: template(.weight))
        }
        #expect(throws: PricingFault.noDestination) { try fee([parcel("a", grams: 1)], to: nil, by: template(.weight)) }
    }

    @Test func `a template with a negative fee is refused before it is used`() {
        let wrong = FreightTemplate(
            name: "w", basis: .count, zones: [.init(region: .everywhere, first: 1, firstFee: -5, next: 1, nextFee: 1)])
        #expect(throws: ValidationFailure(field: "zones[0].first_fee", reason: "must be 0…\(Money.amountMax), got -5")) {
            try wrong.check()
        }
        #expect(throws: PricingFault.self) { try fee([parcel("a", grams: 1)], to: south, by: wrong) }
    }
}
