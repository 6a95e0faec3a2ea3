/// What an entity is.
package enum EntityKind: String, CaseIterable, Sendable, Hashable {
    case product, sku, category, brand, tag
}

/// Names one entity for ever; never reused, never derived from anything editable.
///
/// One to 64 characters out of `a-z 0-9 - _`. A SKU code, a handle or a channel's
/// own id is an *alias* of an entity, never its id.
package struct EntityID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String

    /// - Returns: nil when the text breaks the rule above.
    package init?(_ text: String) {
        guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy(EntityID.allows) else { return nil }
        self.text = text
    }

    private static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    package var description: String { text }
    package static func < (left: EntityID, right: EntityID) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}

/// An entity's kind and id; written `product/0k3v…`.
package struct EntityRef: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let kind: EntityKind
    package let id: EntityID

    package init(_ kind: EntityKind, _ id: EntityID) {
        self.kind = kind
        self.id = id
    }

    /// Reads `kind/id`; nil when either half is wrong.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let kind = EntityKind(rawValue: String(parts[0])),
            let id = EntityID(String(parts[1]))
        else { return nil }
        self.init(kind, id)
    }

    package var description: String { "\(kind.rawValue)/\(id.text)" }
    package static func < (left: EntityRef, right: EntityRef) -> Bool {
        (left.kind.rawValue, left.id.text) < (right.kind.rawValue, right.id.text)
    }
}

/// Names one channel: 1 to 32 characters out of `a-z 0-9 -`, starting with a letter.
package struct ChannelID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String

    package init?(_ text: String) {
        guard (1...32).contains(text.utf8.count), let first = text.utf8.first,
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first),
            text.utf8.allSatisfy({ byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            })
        else { return nil }
        self.text = text
    }

    package var description: String { text }
    package static func < (left: ChannelID, right: ChannelID) -> Bool { left.text < right.text }
}
