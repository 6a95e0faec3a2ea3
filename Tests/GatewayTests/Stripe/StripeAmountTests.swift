@testable import ChannelAdapters
import Commerce
import Testing

@Suite struct StripeAmountTests {
    /// Ours in minor units, and what goes over the wire; nil where it cannot be said exactly.
    @Test(arguments: [
        ("USD", 12_345, 12_345), ("JPY", 500, 500), ("KRW", 1_000, 1_000), ("VND", 7, 7), ("KWD", 5_120, 5_120), ("KWD", 5_124, nil),
        ("BHD", 10, 10), ("ISK", 5, 500), ("UGX", 5, 500), ("MGA", 500, 5), ("MGA", 501, nil), ("IQD", 1_000, nil), ("LYD", 1_000, nil),
        ("HUF", 1_045, 1_045), ("TWD", 80_000, 80_000), ("CNY", 1, 1), ("USD", 0, nil), ("USD", -5, nil), ("ISK", 9_007_199_254_740_991, nil),
    ] as [(String, Int64, Int64?)])
    func `an amount is said exactly or not at all`(code: String, ours: Int64, theirs: Int64?) throws {
        let amounts = try StripeAmounts(changes: "")
        let money = Money(amount: ours, currency: try #require(Currency(code)))
        guard let theirs else {
            #expect(throws: ValidationFailure.self) { try amounts.wire(money) }
            return
        }
        #expect(try amounts.wire(money) == theirs)
        #expect(try amounts.money(theirs, code.lowercased()) == money)
    }

    @Test func `every currency that can be sent comes back as it was`() throws {
        let amounts = try StripeAmounts(changes: "")
        for code in Currency.codes {
            let money = Money(amount: 123_000, currency: try #require(Currency(code)))
            guard amounts.decimals(of: money.currency) != nil else { continue }
            #expect(try amounts.money(amounts.wire(money), code) == money)
        }
    }

    @Test(arguments: [("isk", 501), ("ugx", 1), ("iqd", 5), ("xxx", 5), ("usd", Int64.max), ("mga", Int64.max), ("isk", Int64.min)] as [(String, Int64)])
    func `an amount of theirs that ours cannot say is refused`(code: String, amount: Int64) throws {
        let amounts = try StripeAmounts(changes: "")
        #expect(throws: ValidationFailure.self) { try amounts.money(amount, code) }
    }

    @Test func `an operator can put decimals right`() throws {
        let amounts = try StripeAmounts(changes: "UGX:0 IQD:3,ISK:0")
        #expect(try amounts.wire(Money(amount: 5, currency: try #require(Currency("UGX")))) == 5)
        #expect(try amounts.wire(Money(amount: 50, currency: try #require(Currency("IQD")))) == 50)
        for wrong in ["UGX", "UGX:9", "ugx:0", "UGX:0:1", "UGX:-1", ":"] {
            #expect(throws: GatewayFault.self) { try StripeAmounts(changes: wrong) }
        }
    }
}
