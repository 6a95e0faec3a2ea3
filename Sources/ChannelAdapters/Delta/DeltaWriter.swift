import Commerce

/// Writes request bodies of the delta protocol.
///
/// Values are copied in as the bytes they were encoded to at commit: encoding them again
/// for every channel would be most of the work of a push.
enum DeltaWriter {
    static func push(_ batch: PushBatch) -> [UInt8] {
        var output = Array("{\"deltas\":[".utf8)
        for (index, delta) in batch.deltas.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            write(delta, to: &output)
        }
        output += Array("],\"from\":\(batch.from),\"generation\":".utf8)
        JSON.string(batch.generation).write(to: &output)
        output += Array(",\"session\":".utf8)
        JSON.string(batch.session).write(to: &output)
        output += Array(",\"to\":\(batch.to)}".utf8)
        return output
    }

    static func read(_ entities: [RemoteRef]) -> [UInt8] {
        JSON.object(JSONObject([("entities", .array(entities.map(entity)))])).bytes
    }

    static func digests(of buckets: [DigestBucket], families: Set<String>?) -> [UInt8] {
        let units: JSON = families.map { .array($0.sorted().map { .string($0) }) } ?? .null
        return JSON.object(
            JSONObject([("buckets", .array(buckets.map { .string($0.description) })), ("units", units)])
        ).bytes
    }

    private static func write(_ delta: OutgoingDelta, to output: inout [UInt8]) {
        var object = JSONObject()
        object["clock"] = delta.token.json
        object["entity"] = entity(delta.entity)
        if let version = delta.expecting { object["expect"] = .string(version) }
        object["op_id"] = .string(delta.key.text)
        object["seq"] = .integer(delta.sequence)
        object["unit"] = .string(delta.unit.text)
        switch delta.operation {
        case .delete:
            object["op"] = "delete"
            JSON.object(object).write(to: &output)
        case .set(let bytes):
            object["op"] = "set"
            JSON.object(object).write(to: &output)
            output.removeLast()
            output += Array(",\"value\":".utf8) + bytes
            output.append(UInt8(ascii: "}"))
        }
    }

    private static func entity(_ ref: RemoteRef) -> JSON {
        .object(JSONObject([("id", .string(ref.id)), ("kind", .string(ref.kind.rawValue))]))
    }
}
