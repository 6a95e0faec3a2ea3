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
    package static func own(at time: Timestamp, id: String) -> String { "\(CalendarDay(at: time).description.filter { $0 != "-" })-\(id.suffix(10))" }
}
