extension JSON {
    /// An object of the members that have a value.
    static func members(_ pairs: [(String, JSON?)]) -> JSON {
        .object(JSONObject(pairs.compactMap { name, value in value.map { (name, $0) } }))
    }

    static func text(_ value: String?) -> JSON? { value.flatMap { $0.isEmpty ? nil : .string($0) } }
    static func number(_ value: Int64) -> JSON? { value == 0 ? nil : .integer(value) }
    static func list(_ values: [JSON]) -> JSON? { values.isEmpty ? nil : .array(values) }
}
