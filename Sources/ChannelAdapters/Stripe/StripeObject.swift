import Commerce

/// An object of Stripe's, whose members are read as what they should be or not at all.
///
/// Unknown members are no fault: Stripe adds some without another version.
struct StripeObject: Hashable, Sendable {
    let json: JSON
    let path: String

    init(_ json: JSON, path: String = "") {
        self.json = json
        self.path = path
    }

    /// A member that may be absent: null then.
    subscript(name: String) -> JSON { json[name] ?? .null }

    func fail(_ name: String, _ reason: String) -> ValidationFailure {
        ValidationFailure(field: ValueReader.join(path, name), reason: reason)
    }

    func text(_ name: String) throws(ValidationFailure) -> String {
        guard let text = self[name].string, !text.isEmpty else { throw fail(name, "must be a text, got \(self[name].typeName)") }
        return text
    }

    func number(_ name: String) throws(ValidationFailure) -> Int64 {
        guard let number = self[name].integer else { throw fail(name, "must be a whole number, got \(self[name].typeName)") }
        return number
    }

    func flag(_ name: String) throws(ValidationFailure) -> Bool {
        guard let flag = self[name].bool else { throw fail(name, "must be true or false, got \(self[name].typeName)") }
        return flag
    }

    func object(_ name: String) throws(ValidationFailure) -> StripeObject {
        guard case .object = self[name] else { throw fail(name, "must be an object, got \(self[name].typeName)") }
        return StripeObject(self[name], path: ValueReader.join(path, name))
    }

    func list(_ name: String) throws(ValidationFailure) -> [StripeObject] {
        guard case .array(let elements) = self[name] else { throw fail(name, "must be an array, got \(self[name].typeName)") }
        return elements.enumerated().map { StripeObject($0.element, path: "\(ValueReader.join(path, name))[\($0.offset)]") }
    }

    /// An id of theirs: what may stand in a path without being escaped, and in a fact for ever.
    func id(_ name: String = "id") throws(ValidationFailure) -> String {
        guard let id = try reference(name) else { throw fail(name, "is required") }
        return id
    }

    /// The id of another object, which may stand there in full; nil where there is none.
    func reference(_ name: String) throws(ValidationFailure) -> String? {
        if self[name].isNull { return nil }
        guard let text = self[name].string ?? self[name]["id"]?.string, StripeObject.isID(text) else { throw fail(name, "is no id") }
        return text
    }

    static func isID(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F || byte == 0x2D
            }
    }

    /// Seconds since 1970 in theirs.
    func time(_ name: String) throws(ValidationFailure) -> Timestamp {
        let seconds = try number(name)
        guard (0...253_402_300_799).contains(seconds) else { throw fail(name, "\(seconds) is no time") }
        return Timestamp(milliseconds: seconds * 1_000)
    }

    func money(_ name: String, _ amounts: StripeAmounts) throws(ValidationFailure) -> Money {
        let amount = try number(name)
        guard amount >= 0 else { throw fail(name, "\(amount) is negative") }
        let code = try text("currency")
        do { return try amounts.money(amount, code) } catch { throw fail(error.field == "currency" ? "currency" : name, error.reason) }
    }

    /// The number we gave, where this carries one.
    var ourNumber: String? {
        guard let text = json["metadata"]?[StripeObject.numberName]?.string, GatewayNumber(text) != nil else { return nil }
        return text
    }

    /// Under which name our numbers stand in the metadata of what we make there.
    static let numberName = "heyi_number"
}
