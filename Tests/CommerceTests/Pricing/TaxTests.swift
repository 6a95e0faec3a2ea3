import Commerce
import Testing

@Suite struct TaxTests {
    private func line(_ rate: Int64?, at price: Int64, _ adjust: @escaping (inout PriceOffers) -> Void) throws -> PricedLine {
        var item = Cart.item("a", 1, at: price)
        item.taxRate = rate
        item.categories = [Cart.id("books")]
        return try PricePipeline.price(Cart.request([item], adjust)).lines[0]
    }

    @Test func `tax is within the price or on top of it, rounded half up`() throws {
        let within = try line(1_300, at: 11_300) { $0.tax = .included }
        #expect(within.tax == 1_300 && within.payable == 11_300)
        let above = try line(1_300, at: 11_300) { $0.tax = .added }
        #expect(above.tax == 1_469 && above.payable == 12_769)
        #expect(try line(5_000, at: 1) { $0.tax = .added }.tax == 1)
        #expect(try line(4_999, at: 1) { $0.tax = .added }.tax == 0)
    }

    @Test func `the rule of the most precise region decides, there one for the goods before one for all`() throws {
        let rules = [
            TaxRule(name: "all", rate: 100), TaxRule(name: "cn", region: Region(["CN"]), rate: 1_300),
            TaxRule(name: "cn books", region: Region(["CN"]), categories: [Cart.id("books")], rate: 900),
            TaxRule(name: "island", region: Region(["CN", "46"]), rate: 0),
        ]
        for (region, tax) in [(nil, 100), (Region(["US"]), 100), (Region(["CN", "11"]), 900), (Region(["CN", "46", "01"]), 0)]
            as [(Region?, Int64)]
        {
            let line = try line(nil, at: 10_000) {
                $0.tax = .added
                $0.taxRules = rules
                $0.destination = region
            }
            #expect(line.tax == tax)
        }
        #expect(try line(50, at: 10_000) { $0.tax = .added; $0.taxRules = rules }.tax == 50)
    }

    @Test func `a rate that is surely mistyped is refused`() {
        #expect(throws: PricingFault.tax(line: 0, 13_000)) { try line(13_000, at: 1) { _ in } }
    }
}
