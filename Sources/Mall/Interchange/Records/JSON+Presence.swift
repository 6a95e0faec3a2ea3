import Commerce

extension JSON {
    /// The text, nil when it is empty.
    ///
    /// Spelled out once, because in `text.isEmpty ? nil : .string(text)` the `nil` becomes
    /// JSON's own null, which is a value.
    static func present(_ text: String) -> JSON? {
        guard !text.isEmpty else { return Optional.none }
        return .string(text)
    }

    /// The list, nil when it is empty.
    static func present(_ elements: [JSON]) -> JSON? {
        guard !elements.isEmpty else { return Optional.none }
        return .array(elements)
    }

    /// The object, nil when it is empty.
    static func present(_ object: JSONObject) -> JSON? {
        guard !object.isEmpty else { return Optional.none }
        return .object(object)
    }

    /// Nil for null.
    var present: JSON? { self == .null ? Optional.none : Optional.some(self) }
}
