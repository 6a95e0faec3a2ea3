/// Names a carrier in our own words, such as `sf` or `yto`; each platform calls it otherwise.
package struct CarrierID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String

    /// - Returns: nil unless it is 1 to 32 characters out of a-z 0-9 -, a letter first.
    package init?(_ text: String) {
        guard ChannelID(text) != nil else { return nil }
        self.text = text
    }

    package var description: String { text }
    package static func < (left: CarrierID, right: CarrierID) -> Bool { ByteOrder.precedes(left.text, right.text) }
}
