extension ValueReader {
    /// A text that may be absent, which is as good as empty.
    package mutating func plain(_ name: String, max: Int = 500) throws(ValidationFailure) -> String {
        try text(name, max: max, lines: true) ?? ""
    }

    package mutating func needed(_ name: String, max: Int = 200) throws(ValidationFailure) -> String {
        guard let value = try text(name, max: max, required: true) else { throw fail(name, "is required") }
        return value
    }

    package mutating func neededID(_ name: String) throws(ValidationFailure) -> EntityID {
        guard let value = try id(name, required: true) else { throw fail(name, "is required") }
        return value
    }

    package mutating func needed(_ name: String, in range: ClosedRange<Int64>) throws(ValidationFailure) -> Int64 {
        guard let value = try integer(name, in: range, required: true) else { throw fail(name, "is required") }
        return value
    }

    /// A number whose absence means nothing at all.
    package mutating func count(_ name: String, upTo max: Int64 = Money.amountMax) throws(ValidationFailure) -> Int64 {
        try integer(name, in: 0...max) ?? 0
    }

    /// A number of a cancellation, an answer, a line.
    package mutating func ordinal(_ name: String) throws(ValidationFailure) -> Int { Int(try needed(name, in: 1...100_000)) }

    package mutating func word<Word: RawRepresentable & CaseIterable>(
        _ name: String, as: Word.Type
    ) throws(ValidationFailure) -> Word where Word.RawValue == String {
        guard let text = try word(name, of: Word.allCases.map(\.rawValue)), let word = Word(rawValue: text) else {
            throw fail(name, "is required")
        }
        return word
    }

    package mutating func currency(_ name: String) throws(ValidationFailure) -> Currency {
        guard let currency = Currency(try needed(name, max: 3)) else { throw fail(name, "is no code of ISO 4217, such as CNY") }
        return currency
    }

    package func strings(_ name: String, max: Int, length: Int = 200) throws(ValidationFailure) -> [String] {
        var texts: [String] = []
        for (index, value) in try elements(name, max: max).enumerated() {
            texts.append(try Wording.check(value, field: "\(field(name))[\(index)]", max: length))
        }
        return texts
    }

    /// The elements of a member, none when it is absent.
    package func elements(_ name: String, max: Int) throws(ValidationFailure) -> [JSON] {
        guard let value = try raw(name) else { return [] }
        return try ValueReader.elements(value, path: field(name), max: max)
    }

    /// Each element of a member, read by `read` with its own path.
    package func each<Element>(
        _ name: String, max: Int, _ read: (JSON, String) throws(ValidationFailure) -> Element
    ) throws(ValidationFailure) -> [Element] {
        var found: [Element] = []
        for (index, value) in try elements(name, max: max).enumerated() {
            found.append(try read(value, "\(field(name))[\(index)]"))
        }
        return found
    }
}
