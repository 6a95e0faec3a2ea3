/// What a channel does to a value when it stores it.
///
/// A channel that cuts titles at 60 characters or drops HTML holds something other
/// than it was sent, and would seem to have edited it. Comparing both sides under
/// the projection keeps such echoes from looking like edits.
package struct Projection: Hashable, Sendable {
    package var rules: [ProjectionRule]

    package init(rules: [ProjectionRule] = []) { self.rules = rules }

    /// The value as this channel would store it. Applying it twice changes nothing more.
    package func apply(to value: JSON, unit: UnitName) -> JSON {
        guard !rules.isEmpty else { return value }
        let family = unit.family
        var value = value
        // One rule can leave work for another: a text cut after a space is trimmed by the
        // rule that removes markup. Every rule only takes away, so this settles at once.
        for _ in 0...rules.count {
            let stored = rules.reduce(value) { $1.family == family ? $1.apply(to: $0) : $0 }
            if stored == value { break }
            value = stored
        }
        return value
    }
}

/// One thing a channel does to one member of one family of units.
package struct ProjectionRule: Hashable, Sendable {
    package enum Effect: Hashable, Sendable {
        /// Keeps the first `characters` user-perceived characters.
        case truncate(characters: Int)
        /// Removes markup, keeping the text.
        case stripHTML
        /// Rounds an integer half up to a multiple of `unit`, e.g. 100 for whole yuan.
        case round(unit: Int64)
        /// Sorts an array by its elements' canonical bytes.
        case sort
        /// Does not keep the member at all.
        case drop
    }

    package let family: String
    /// The member it touches; nil for the value itself.
    package let member: String?
    package let effect: Effect

    package init(family: String, member: String?, effect: Effect) {
        self.family = family
        self.member = member
        self.effect = effect
    }

    package func apply(to value: JSON) -> JSON {
        guard let member else { return transformed(value) ?? .null }
        guard case .object(var object) = value, let held = object[member] else { return value }
        object[member] = transformed(held)
        return .object(object)
    }

    private func transformed(_ value: JSON) -> JSON? {
        switch (effect, value) {
        case (.truncate(let characters), .string(let text)): .string(String(text.prefix(max(0, characters))))
        case (.stripHTML, .string(let text)): .string(Markup.text(of: text))
        case (.round(let unit), .integer(let number)) where unit > 0: .integer(rounded(number, to: unit))
        case (.sort, .array(let values)):
            .array(values.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) })
        case (.drop, _): nil
        default: value
        }
    }

    private func rounded(_ number: Int64, to unit: Int64) -> Int64 {
        let rest = number % unit
        let remainder = rest < 0 ? rest + unit : rest
        // At either end of what 64 bits hold there may be no multiple left to go to.
        let (down, underflow) = number.subtractingReportingOverflow(remainder)
        let (up, overflow) = number.addingReportingOverflow(unit - remainder)
        if underflow { return overflow ? number : up }
        return remainder >= unit - remainder && !overflow ? up : down
    }
}
