/// What a movement of stock happened for; the same cause never moves anything twice.
///
/// A delivery note, a parcel's number, a channel's order and line: whatever its sender
/// says again when it does not know whether it was heard.
package struct StockCause: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    /// - Throws: ``ValidationFailure`` for a text that is empty, longer than 200 bytes, not plain
    ///   printable ASCII, or begins with `#`, which the ledger's own causes do.
    package init(_ text: String) throws(ValidationFailure) {
        let bytes = text.utf8
        guard (1...200).contains(bytes.count), bytes.allSatisfy({ (0x21...0x7E).contains($0) }), bytes.first != UInt8(ascii: "#")
        else {
            throw ValidationFailure(
                field: "cause", reason: "must be 1 to 200 printable ASCII characters without spaces, not beginning with #")
        }
        self.text = text
    }

    private init(own text: String) { self.text = text }

    /// A cause of the ledger's own, such as `#hold/17`.
    package static func own(_ text: String) -> StockCause { StockCause(own: "#" + text) }

    package var description: String { text }
}
