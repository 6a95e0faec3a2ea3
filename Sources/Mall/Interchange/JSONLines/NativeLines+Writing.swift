import Commerce

extension NativeLines {
    /// Appends the entity's line, which reads back as the same entity with the same names.
    static func write(_ entity: CatalogEntity, to bytes: inout [UInt8]) {
        var line = JSONObject([("id", .string(entity.ref.id.text)), ("kind", .string(entity.ref.kind.rawValue))])
        if !entity.aliases.isEmpty {
            line["aliases"] = .array(entity.aliases.map { [.string($0.namespace), .string($0.key)] })
        }
        line["units"] = .object(JSONObject(entity.units.keys.sorted().map { ($0.text, entity.units[$0] ?? .null) }))
        JSON.object(line).write(to: &bytes)
        bytes.append(0x0A)
    }
}
