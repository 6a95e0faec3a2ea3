import Commerce

/// Reads members of what the platform wrote; members nobody asked for are left alone, for it adds some now and then.
struct WeChatPayMembers {
    private let value: JSON
    private let path: String

    init(_ value: JSON, path: String = "") throws(ValidationFailure) {
        guard value.object != nil else { throw ValidationFailure(field: path, reason: "must be an object, got \(value.typeName)") }
        self.value = value
        self.path = path
    }

    private func field(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
    func fail(_ name: String, _ reason: String) -> ValidationFailure { ValidationFailure(field: field(name), reason: reason) }

    func object(_ name: String) throws(ValidationFailure) -> WeChatPayMembers {
        guard let member = value[name] else { throw fail(name, "is required") }
        return try WeChatPayMembers(member, path: field(name))
    }

    func has(_ name: String) -> Bool { value[name].map { !$0.isNull } ?? false }

    /// Nil when it is absent or empty.
    func text(_ name: String, max: Int) throws(ValidationFailure) -> String? {
        guard let member = value[name], !member.isNull else { return nil }
        guard let text = member.string else { throw fail(name, "must be a string, got \(member.typeName)") }
        guard text.utf8.count <= max else { throw fail(name, "has more than \(max) bytes") }
        return text.isEmpty ? nil : text
    }

    func required(_ name: String, max: Int) throws(ValidationFailure) -> String {
        guard let text = try text(name, max: max) else { throw fail(name, "is required") }
        return text
    }

    /// Printable ASCII without spaces, as numbers and words of the platform are.
    func code(_ name: String, max: Int) throws(ValidationFailure) -> String {
        let text = try required(name, max: max)
        guard WeChatPayMembers.isCode(text, max: max) else { throw fail(name, "must be printable ASCII without spaces") }
        return text
    }

    static func isCode(_ text: String, max: Int) -> Bool {
        (1...max).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    func time(_ name: String) throws(ValidationFailure) -> Timestamp? {
        guard let text = try text(name, max: 40) else { return nil }
        guard let time = BeijingTime.instant(text) else { throw fail(name, "is no time such as 2018-06-08T10:34:56+08:00") }
        return time
    }

    /// Whole minor units; the currency is yuan where it is not named.
    func money(_ name: String, currency: String = "currency") throws(ValidationFailure) -> Money {
        guard let member = value[name], !member.isNull else { throw fail(name, "is required") }
        guard let amount = member.integer, (0...Money.amountMax).contains(amount) else {
            throw fail(name, "must be a whole number of minor units")
        }
        guard let code = try text(currency, max: 8) else { return Money(amount: amount, currency: .yuan) }
        guard let known = Currency(code) else { throw fail(currency, "is no currency: \(code)") }
        return Money(amount: amount, currency: known)
    }

    /// Somebody else's words, on their way to logs and people: no control characters, and not too many.
    static func printable(_ text: String, max: Int = 200) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(max)))
    }
}
