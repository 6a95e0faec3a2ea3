import Commerce
import Testing

@Suite struct MoneyTests {
    private func money(_ text: String, _ code: String, negativeAllowed: Bool = false) throws -> Money {
        try Money(parsing: text, currency: try #require(Currency(code)), negativeAllowed: negativeAllowed)
    }

    @Test func `amounts are read exactly for their currency`() throws {
        #expect(try money("899.00", "CNY").amount == 89_900)
        #expect(try money("899", "CNY").amount == 89_900)
        #expect(try money("0.1", "CNY").amount == 10)
        #expect(try money("1299", "JPY").amount == 1_299)
        #expect(try money("1299.00", "JPY").amount == 1_299)
        #expect(try money("1.234", "KWD").amount == 1_234)
        #expect(try money("8.9900", "USD").amount == 899)
        #expect(try money("-0.50", "EUR", negativeAllowed: true).amount == -50)
        #expect(try money("90071992547409.91", "CNY").amount == Money.amountMax)
    }

    @Test func `what would have to be rounded or guessed is refused`() throws {
        for text in ["8.999", "0.001"] { #expect(throws: MoneyError.self, "\(text)") { try money(text, "CNY") } }
        #expect(throws: MoneyError.self) { try money("1.5", "JPY") }
        for text in ["", ".", "5.", ".5", "1,299.00", "1e3", "¥5", "+5", " 5", "--5", "5.0.0", "٣", "NaN"] {
            #expect(throws: MoneyError.notANumber(text), "\(text)") { try money(text, "CNY") }
        }
        #expect(throws: MoneyError.negative("-1")) { try money("-1", "CNY") }
        #expect(throws: MoneyError.tooLarge) { try money("90071992547409.92", "CNY") }
        #expect(throws: MoneyError.tooLarge) { try money(String(repeating: "9", count: 400), "JPY") }
    }

    @Test func `an amount is written with all its currency's decimals`() throws {
        #expect(try money("899", "CNY").description == "899.00 CNY")
        #expect(try money("5", "JPY").decimal == "5")
        #expect(try money("0.007", "KWD").decimal == "0.007")
        #expect(try money("-0.05", "CNY", negativeAllowed: true).decimal == "-0.05")
    }

    @Test func `every amount written is read back`() throws {
        for code in Currency.codes {
            for amount in [0, 1, 9, 10, 99, 100, 12_345, Money.amountMax] {
                let money = Money(amount: Int64(amount), currency: try #require(Currency(code)))
                #expect(try self.money(money.decimal, code) == money)
            }
        }
    }

    @Test func `codes are those of ISO 4217 alone`() {
        #expect(Currency("JPY")?.digits == 0 && Currency("KWD")?.digits == 3 && Currency("CNY")?.minorUnits == 100)
        for code in ["cny", "RMB", "XXX", "", "CN"] { #expect(Currency(code) == nil) }
        #expect(Currency.codes.allSatisfy { $0.utf8.count == 3 })
    }
}
