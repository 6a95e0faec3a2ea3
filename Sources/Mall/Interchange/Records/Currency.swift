/// A currency by its ISO 4217 code, and how many digits its minor unit has.
package struct Currency: Hashable, Sendable {
    package let code: String

    /// - Returns: nil unless the code is three capital letters.
    package init?(_ code: String) {
        guard code.utf8.count == 3, code.utf8.allSatisfy({ $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") })
        else { return nil }
        self.code = code
    }

    /// Digits after the point; ISO 4217 lists those that do not have two.
    package var minorDigits: Int {
        switch code {
        case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF",
            "XOF", "XPF":
            0
        case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
        default: 2
        }
    }

    /// Reads an amount in major units, `12.50`, as minor units.
    ///
    /// - Throws: ``MoneyFault`` in words for the person who wrote the file.
    func minorUnits(_ text: String) throws(MoneyFault) -> Int64 {
        let amount: Int64
        do throws(DecimalText.Failure) {
            amount = try DecimalText.scaled(text, digits: minorDigits)
        } catch {
            throw MoneyFault(reason: words(error, text))
        }
        guard amount >= 0 else { throw MoneyFault(reason: "a price cannot be negative") }
        guard amount <= Currency.amountMax else { throw MoneyFault(reason: "the price is too large") }
        return amount
    }

    /// The amount in major units, `12.50`.
    func text(_ minorUnits: Int64) -> String { DecimalText.text(minorUnits, digits: minorDigits) }

    /// The greatest whole number that every JSON reader keeps exactly.
    static let amountMax: Int64 = (1 << 53) - 1

    private func words(_ failure: DecimalText.Failure, _ text: String) -> String {
        switch failure {
        case .overflow: "the price is too large"
        case .tooPrecise:
            "more than \(minorDigits) digits after the point; \(code) has none smaller"
        case .malformed:
            text.contains(",")
                ? "not a price: write it with a decimal point and without separators of thousands, as 1299.00"
                : "not a price: write digits and a decimal point only, as 1299.00"
        }
    }
}

/// Why a text is no price.
package struct MoneyFault: Error, Hashable, Sendable {
    package let reason: String
}
