/// How orders are numbered: what buyers read out, gateways print and files are named after.
package enum OrderNumber {
    /// The most gateways take in full, with room for a refund's number behind it.
    package static let lengthMax = 40

    /// - Returns: whether a text can number an order: letters, digits, `-` and `_`.
    package static func isValid(_ text: String) -> Bool {
        (1...lengthMax).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    /// A number of our own: the day in UTC, and ten characters that tell nobody how many orders there are.
    ///
    /// It begins with a digit, and so is never a channel's, which begins with the channel's name.
    package static func own(at time: Timestamp, id: String) -> String { "\(day(time))-\(id.suffix(10))" }

    private static func day(_ time: Timestamp) -> String {
        let days = Int(time.milliseconds / 86_400_000) - (time.milliseconds % 86_400_000 < 0 ? 1 : 0)
        // The civil calendar from days since 1970, by eras of 400 years that begin in March.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1
        let civilMonth = month < 10 ? month + 3 : month - 9
        let year = yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0)
        return String(year * 10_000 + civilMonth * 100 + dayOfMonth)
    }
}
