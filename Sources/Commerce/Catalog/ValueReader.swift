/// Reads the members of a unit's value, checks each, and builds the normal form.
///
/// Made with the names a value may have, so a misspelt member is an error and never
/// quietly ignored. `null` counts as absent. Only what was read is in `result`.
package struct ValueReader {
    private let object: JSONObject
    private let path: String
    package private(set) var members: [(String, JSON)] = []

    package init(_ value: JSON, path: String = "", allowed: [String]) throws(ValidationFailure) {
        guard case .object(let object) = value else {
            throw ValidationFailure(field: path, reason: "must be an object, got \(value.typeName)")
        }
        for member in object where !allowed.contains(member.name) {
            let near = Spelling.nearest(to: member.name, among: allowed)
            let hint = near.map { "did you mean \"\($0)\"?" } ?? "known are: \(allowed.joined(separator: ", "))"
            throw ValidationFailure(
                field: ValueReader.join(path, String(member.name.prefix(60))), reason: "unknown member; \(hint)")
        }
        self.object = object
        self.path = path
    }

    package var result: JSON { .object(JSONObject(members)) }

    package func has(_ name: String) -> Bool { object[name].map { !$0.isNull } ?? false }

    package func fail(_ name: String, _ reason: String) -> ValidationFailure {
        ValidationFailure(field: ValueReader.join(path, name), reason: reason)
    }

    package func field(_ name: String) -> String { ValueReader.join(path, name) }

    package mutating func keep(_ name: String, _ value: JSON) { members.append((name, value)) }

    /// The member, nil when absent; - Throws: when it is required and absent.
    package func raw(_ name: String, required: Bool = false) throws(ValidationFailure) -> JSON? {
        if let value = object[name], !value.isNull { return value }
        guard !required else { throw fail(name, "is required") }
        return nil
    }

    @discardableResult
    package mutating func text(
        _ name: String, max: Int, required: Bool = false, lines: Bool = false
    ) throws(ValidationFailure) -> String? {
        guard let value = try raw(name, required: required) else { return nil }
        let text = try Wording.check(value, field: field(name), max: max, lines: lines)
        if text.isEmpty {
            guard !required else { throw fail(name, "must not be empty") }
            return nil
        }
        keep(name, .string(text))
        return text
    }

    @discardableResult
    package mutating func integer(
        _ name: String, in range: ClosedRange<Int64>, required: Bool = false
    ) throws(ValidationFailure) -> Int64? {
        guard let value = try raw(name, required: required) else { return nil }
        guard case .integer(let number) = value else {
            let got = value.typeName == "number" ? "a fraction or a number too large" : value.typeName
            throw fail(name, "must be a whole number, got \(got)")
        }
        guard range.contains(number) else {
            throw fail(name, "must be \(range.lowerBound)…\(range.upperBound), got \(number)")
        }
        keep(name, value)
        return number
    }

    @discardableResult
    package mutating func bool(_ name: String, required: Bool = false) throws(ValidationFailure) -> Bool? {
        guard let value = try raw(name, required: required) else { return nil }
        guard case .bool(let flag) = value else { throw fail(name, "must be true or false, got \(value.typeName)") }
        keep(name, value)
        return flag
    }

    @discardableResult
    package mutating func word(
        _ name: String, of words: [String], required: Bool = true
    ) throws(ValidationFailure) -> String? {
        guard let value = try raw(name, required: required) else { return nil }
        guard case .string(let word) = value, words.contains(word) else {
            throw fail(name, "must be \(words.map { "\"\($0)\"" }.joined(separator: " or "))")
        }
        keep(name, value)
        return word
    }

    @discardableResult
    package mutating func id(_ name: String, required: Bool = false) throws(ValidationFailure) -> EntityID? {
        guard let value = try raw(name, required: required) else { return nil }
        guard case .string(let text) = value, let id = EntityID(text) else {
            throw fail(name, "must be an id: 1 to 64 characters out of a-z 0-9 - _")
        }
        keep(name, value)
        return id
    }

    package static func join(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    /// The elements of an array, at most `max`; `path` is the array's own.
    package static func elements(_ value: JSON, path: String, max: Int) throws(ValidationFailure) -> [JSON] {
        guard case .array(let elements) = value else {
            throw ValidationFailure(field: path, reason: "must be an array, got \(value.typeName)")
        }
        guard elements.count <= max else {
            throw ValidationFailure(field: path, reason: "has \(elements.count) elements, at most \(max) are allowed")
        }
        return elements
    }
}
