import Commerce

/// What the platform says of something, by the names of its fields: a notification's or an answer's.
struct AlipayTold: Sendable {
    private let texts: [String: String]
    /// Fields whose value is no text.
    private let others: Set<String>

    init(_ texts: [String: String]) {
        self.texts = texts
        others = []
    }

    init(_ content: JSON) throws(ValidationFailure) {
        guard case .object(let object) = content else {
            throw ValidationFailure(field: "", reason: "must be an object, got \(content.typeName)")
        }
        var texts: [String: String] = [:]
        var others: Set<String> = []
        for member in object {
            switch member.value {
            case .string(let text): texts[member.name] = text
            case .null: break
            case .bool, .integer, .decimal, .array, .object: others.insert(member.name)
            }
        }
        self.texts = texts
        self.others = others
    }

    /// nil when it is absent or empty.
    func text(_ name: String) throws(ValidationFailure) -> String? {
        guard !others.contains(name) else { throw ValidationFailure(field: name, reason: "must be a text") }
        guard let text = texts[name], !text.isEmpty else { return nil }
        return text
    }

    func needed(_ name: String) throws(ValidationFailure) -> String {
        guard let text = try text(name) else { throw ValidationFailure(field: name, reason: "is missing") }
        return text
    }

    /// A name the platform or we gave: printable ASCII.
    func neededName(_ name: String, max: Int = 64) throws(ValidationFailure) -> String {
        let text = try needed(name)
        guard text.utf8.count <= max, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ValidationFailure(field: name, reason: "must be at most \(max) printable ASCII characters")
        }
        return text
    }

    /// Yuan, as a decimal text.
    func amount(_ name: String) throws(ValidationFailure) -> Money? {
        guard let text = try text(name) else { return nil }
        do throws(MoneyError) { return try Money(parsing: text, currency: .yuan) } catch {
            throw ValidationFailure(field: name, reason: "\(error)")
        }
    }

    func neededAmount(_ name: String) throws(ValidationFailure) -> Money {
        guard let amount = try amount(name) else { throw ValidationFailure(field: name, reason: "is missing") }
        return amount
    }

    func time(_ name: String) throws(ValidationFailure) -> Timestamp? {
        guard let text = try text(name) else { return nil }
        guard let time = BeijingTime.moment(text) else { throw ValidationFailure(field: name, reason: "is no time such as 2026-12-01 09:30:00") }
        return time
    }
}
