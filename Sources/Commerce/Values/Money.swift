/// An amount of one currency in whole minor units: `89900` CNY is ¥899.00.
///
/// Never a binary fraction. Amounts beyond 2^53-1 are refused, so that a peer whose
/// numbers are doubles reads every amount exactly.
package struct Money: Hashable, Sendable, CustomStringConvertible {
    package let amount: Int64
    package let currency: Currency

    /// The greatest amount of minor units, either side of zero.
    package static let amountMax: Int64 = 9_007_199_254_740_991

    package init(amount: Int64, currency: Currency) {
        self.amount = amount
        self.currency = currency
    }

    /// Reads a plain decimal as people and price lists write it: `899`, `899.00`, `-0.5`.
    ///
    /// Decimals beyond the currency's own are taken only when they are zeros, so
    /// nothing is ever rounded. Grouping marks, exponents and signs of currency are
    /// refused: what `1,299` means depends on who wrote it.
    ///
    /// - Throws: ``MoneyError``
    package init(
        parsing text: some StringProtocol, currency: Currency, negativeAllowed: Bool = false
    ) throws(MoneyError) {
        var bytes = Array(text.utf8)[...]
        let negative = bytes.first == UInt8(ascii: "-")
        if negative { bytes.removeFirst() }
        var amount: Int64 = 0
        var decimals: Int?
        var digitsSeen = 0
        for byte in bytes {
            if byte == UInt8(ascii: "."), decimals == nil, digitsSeen > 0 { decimals = 0; continue }
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { throw .notANumber(String(text.prefix(40))) }
            digitsSeen += 1
            let digit = Int64(byte - UInt8(ascii: "0"))
            if let count = decimals {
                decimals = count + 1
                if count >= currency.digits {
                    guard digit == 0 else { throw .tooManyDecimals(String(text.prefix(40)), currency) }
                    continue
                }
            }
            amount = try Money.appending(digit, to: amount)
        }
        guard digitsSeen > 0, decimals != 0 else { throw .notANumber(String(text.prefix(40))) }
        for _ in min(decimals ?? 0, currency.digits)..<currency.digits { amount = try Money.appending(0, to: amount) }
        guard !negative || negativeAllowed || amount == 0 else { throw .negative(String(text.prefix(40))) }
        self.init(amount: negative ? -amount : amount, currency: currency)
    }

    private static func appending(_ digit: Int64, to amount: Int64) throws(MoneyError) -> Int64 {
        // The limit leaves room for one more digit in 64 bits, so this cannot overflow.
        let next = amount * 10 + digit
        guard next <= amountMax else { throw .tooLarge }
        return next
    }

    /// The amount as a plain decimal, with all the currency's decimals: `899.00`.
    package var decimal: String {
        guard currency.digits > 0 else { return String(amount) }
        let digits = String(amount.magnitude)
        let padded = String(repeating: "0", count: max(0, currency.digits + 1 - digits.count)) + digits
        return (amount < 0 ? "-" : "") + padded.dropLast(currency.digits) + "." + padded.suffix(currency.digits)
    }

    /// `899.00 CNY`.
    package var description: String { "\(decimal) \(currency)" }
}

/// Why a text is no amount of money.
package enum MoneyError: Error, Hashable, Sendable, CustomStringConvertible {
    case notANumber(String)
    case tooManyDecimals(String, Currency)
    case negative(String)
    case tooLarge

    package var description: String {
        switch self {
        case .notANumber(let text): "\"\(text)\" is not a plain decimal number such as 899.00"
        case .tooManyDecimals(let text, let currency):
            "\"\(text)\" has more decimals than \(currency) has (\(currency.digits)); nothing is rounded silently"
        case .negative(let text): "\"\(text)\" is negative"
        case .tooLarge: "the amount is greater than \(Money.amountMax) minor units"
        }
    }
}
