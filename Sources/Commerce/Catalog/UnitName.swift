/// Names one merge unit of an entity: `tags`, `text.zh-CN`, `price.CNY`, `price.CNY@web`.
///
/// The *family* says what the unit is and which policy merges it; the *qualifier*
/// after the dot picks a language or currency; the channel after `@` overrides the
/// unit for that channel alone. Whether a family exists for an entity's kind, and
/// which qualifiers it takes, is for ``UnitCatalog`` to say.
package struct UnitName: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String

    /// - Returns: nil unless the text is `family[.qualifier][@channel]`, at most 96 bytes.
    package init?(_ text: String) {
        guard (1...96).contains(text.utf8.count) else { return nil }
        let halves = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        if halves.count == 2, ChannelID(String(halves[1])) == nil { return nil }
        let parts = halves[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard !parts[0].isEmpty, parts[0].utf8.allSatisfy({ UnitName.isLower($0) || $0 == UInt8(ascii: "_") })
        else { return nil }
        if parts.count == 2 {
            guard !parts[1].isEmpty, parts[1].utf8.allSatisfy(UnitName.isQualifier) else { return nil }
        }
        self.text = text
    }

    package var family: String {
        // Bytes, not characters: this is asked of every unit of every delta.
        let bytes = text.utf8
        let end = bytes.firstIndex { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "@") }
        return end.map { String(text[..<$0]) } ?? text
    }

    package var qualifier: String? {
        let name = text.utf8.prefix { $0 != UInt8(ascii: "@") }
        guard let dot = name.firstIndex(of: UInt8(ascii: ".")) else { return nil }
        return String(text[name.index(after: dot)..<name.endIndex])
    }

    package var channel: ChannelID? {
        guard let at = text.utf8.firstIndex(of: UInt8(ascii: "@")) else { return nil }
        return ChannelID(String(text[text.utf8.index(after: at)...]))
    }

    private static func isLower(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    private static func isQualifier(_ byte: UInt8) -> Bool {
        isLower(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_")
    }

    package var description: String { text }
    package static func < (left: UnitName, right: UnitName) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}

/// One unit of one entity; written `product/0k3v…:text.zh-CN`.
package struct UnitRef: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let entity: EntityRef
    package let unit: UnitName

    package init(_ entity: EntityRef, _ unit: UnitName) {
        self.entity = entity
        self.unit = unit
    }

    package var description: String { "\(entity):\(unit)" }
    package static func < (left: UnitRef, right: UnitRef) -> Bool {
        (left.entity, left.unit) < (right.entity, right.unit)
    }
}
