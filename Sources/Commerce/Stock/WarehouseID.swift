/// Names one place where goods lie: 1 to 32 characters out of `a-z 0-9 -`, starting with a letter.
package struct WarehouseID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String

    /// - Returns: nil when the text breaks the rule above.
    package init?(_ text: String) {
        // The rule is the channels' own, so that both can stand in a path or a file's name.
        guard ChannelID(text) != nil else { return nil }
        self.text = text
    }

    private init(known text: String) { self.text = text }

    /// The warehouse of a house that has only one.
    package static let main = WarehouseID(known: "main")

    package var description: String { text }
    package static func < (left: WarehouseID, right: WarehouseID) -> Bool { left.text < right.text }
}
