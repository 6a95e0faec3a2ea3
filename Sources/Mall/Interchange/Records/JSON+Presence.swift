import Commerce

extension JSON {
    /// The text, nil when it is empty.
    ///
    /// An empty cell says that there is no value, which is not the same as JSON's null.
    static func present(_ text: String) -> JSON? {
        guard !text.isEmpty else { return nil }
        return .string(text)
    }

    /// The list, nil when it is empty.
    static func present(_ elements: [JSON]) -> JSON? {
        guard !elements.isEmpty else { return nil }
        return .array(elements)
    }

    /// The object, nil when it is empty.
    static func present(_ object: JSONObject) -> JSON? {
        guard !object.isEmpty else { return nil }
        return .object(object)
    }

    /// Nil for null.
    var present: JSON? { self == .null ? nil : self }
}
