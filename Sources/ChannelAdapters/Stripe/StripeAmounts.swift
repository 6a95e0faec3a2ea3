import Commerce

/// How many decimals an amount of each currency has at Stripe, which is not always what ISO 4217 says.
///
/// By Stripe's page on currencies: some have none though ISO gives them two (MGA), and two keep decimals that must be
/// zeros for the sake of old integrations (ISK, UGX). Amounts of three decimals must end in a zero. The list has
/// changed before, so an operator can put each right without waiting for us.
struct StripeAmounts: Sendable {
    private static let none: Set<String> = [
        "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF",
    ]
    private static let twoThatAreZeros: Set<String> = ["ISK", "UGX"]
    private static let three: Set<String> = ["BHD", "JOD", "KWD", "OMR", "TND"]

    private let changes: [String: Int]

    /// - Parameter changes: such as `UGX:0 ISK:2`.
    init(changes text: String) throws(GatewayFault) {
        var changes: [String: Int] = [:]
        for word in text.split(whereSeparator: { $0 == " " || $0 == "," }) {
            let parts = word.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, Currency(String(parts[0])) != nil, let digits = Int(parts[1]), (0...3).contains(digits) else {
                throw GatewayFault("currency_decimals", "must be codes and decimals such as UGX:0 ISK:2")
            }
            changes[String(parts[0])] = digits
        }
        self.changes = changes
    }

    /// nil where nobody has said: three decimals of ISO that Stripe does not list.
    func decimals(of currency: Currency) -> Int? {
        if let digits = changes[currency.code] { return digits }
        if StripeAmounts.none.contains(currency.code) { return 0 }
        if StripeAmounts.twoThatAreZeros.contains(currency.code) { return 2 }
        if StripeAmounts.three.contains(currency.code) { return 3 }
        return currency.digits == 2 ? 2 : nil
    }

    /// The amount as it is sent; nothing is rounded.
    ///
    /// - Throws: ``ValidationFailure`` for one that Stripe's unit cannot say exactly.
    func wire(_ money: Money) throws(ValidationFailure) -> Int64 {
        guard money.amount > 0, money.amount <= Money.amountMax else {
            throw ValidationFailure(field: "amount", reason: "\(money) cannot be paid")
        }
        guard let decimals = decimals(of: money.currency) else {
            throw ValidationFailure(field: "currency", reason: "what unit \(money.currency) is counted in there is not known")
        }
        guard let amount = StripeAmounts.scaled(money.amount, from: money.currency.digits, to: decimals) else {
            throw ValidationFailure(field: "amount", reason: "\(money) is no whole number of the unit that is counted in there")
        }
        guard decimals < 3 || amount % 10 == 0 else {
            throw ValidationFailure(field: "amount", reason: "\(money): the last of three decimals must be 0 there")
        }
        return amount
    }

    /// What an amount of theirs is in ours.
    func money(_ amount: Int64, _ code: String) throws(ValidationFailure) -> Money {
        guard let currency = Currency(code.uppercased()) else {
            throw ValidationFailure(field: "currency", reason: "\"\(StripeWords.plain(code, max: 8))\" is no currency")
        }
        return Money(amount: try units(amount, currency), currency: currency)
    }

    /// The same with its sign, in minor units of ours.
    func units(_ amount: Int64, _ currency: Currency) throws(ValidationFailure) -> Int64 {
        guard let decimals = decimals(of: currency), (-Money.amountMax...Money.amountMax).contains(amount),
            let units = StripeAmounts.scaled(amount, from: decimals, to: currency.digits)
        else { throw ValidationFailure(field: "amount", reason: "\(amount) is no amount of \(currency) that we can say exactly") }
        return units
    }

    private static func scaled(_ amount: Int64, from: Int, to: Int) -> Int64? {
        let factor = (0..<abs(to - from)).reduce(Int64(1)) { units, _ in units * 10 }
        if to < from { return amount.isMultiple(of: factor) ? amount / factor : nil }
        let (product, overflows) = amount.multipliedReportingOverflow(by: factor)
        return overflows || product.magnitude > UInt64(Money.amountMax) ? nil : product
    }
}
