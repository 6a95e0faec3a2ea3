/// A currency of ISO 4217, with the number of decimals its minor unit has.
package struct Currency: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let code: String
    /// Decimals of the minor unit: 2 for CNY, 0 for JPY, 3 for KWD.
    package let digits: Int

    /// - Returns: nil when ISO 4217 knows no such code in circulation.
    package init?(_ code: String) {
        guard let digits = Currency.digits[code] else { return nil }
        self.code = code
        self.digits = digits
    }

    package static let yuan = Currency(code: "CNY", digits: 2)

    private init(code: String, digits: Int) {
        self.code = code
        self.digits = digits
    }

    /// How many minor units one whole unit has.
    package var minorUnits: Int64 { (0..<digits).reduce(1) { units, _ in units * 10 } }

    package var description: String { code }
    package static func < (left: Currency, right: Currency) -> Bool { left.code < right.code }

    /// Every code, in alphabetical order.
    package static let codes: [String] = digits.keys.sorted()

    private static let digits: [String: Int] = {
        var table: [String: Int] = [:]
        for (count, codes) in listed {
            for code in codes.split(separator: " ") { table[String(code)] = count }
        }
        return table
    }()

    // ISO 4217 list one, without precious metals, test codes and funds.
    private static let listed: [(Int, String)] = [
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (
            2,
            """
            AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF \
            CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD \
            HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD \
            MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON \
            RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD \
            TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
            """
        ),
    ]
}
