import Commerce

/// Amounts in major units, as files write them.
extension Currency {
    /// Reads `12.50` as minor units.
    ///
    /// - Throws: ``MoneyFault`` in words for the person who wrote the file.
    func minorUnits(_ text: String) throws(MoneyFault) -> Int64 {
        do throws(MoneyError) {
            return try Money(parsing: text.trimmed, currency: self).amount
        } catch {
            throw MoneyFault(reason: words(error, text))
        }
    }

    /// The amount in major units, `12.50`.
    func text(_ minorUnits: Int64) -> String { Money(amount: minorUnits, currency: self).decimal }

    private func words(_ error: MoneyError, _ text: String) -> String {
        switch error {
        case .tooLarge: "the price is too large"
        case .negative: "a price cannot be negative"
        case .tooManyDecimals:
            "more than \(digits) digits after the point; \(code) has none smaller"
        case .notANumber:
            text.contains(",")
                ? "not a price: write it with a decimal point and without separators of thousands, as 1299.00"
                : "not a price: write digits and a decimal point only, as 1299.00"
        }
    }
}

/// Why a text is no price.
struct MoneyFault: Error, Hashable, Sendable {
    let reason: String
}
