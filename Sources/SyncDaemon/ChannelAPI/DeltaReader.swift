import Commerce
import ConflictResolution

/// Takes a batch apart; what cannot be read is refused by itself, with the member at fault.
struct DeltaReader {
    let channel: ChannelID
    let now: Timestamp

    static let countMax: Int64 = (1 << 53) - 1
    static let actorsMax = 64
    private static let members: Set<String> = [
        "seq", "entity", "unit", "op", "value", "clock", "dot", "stamp", "op_id", "expect", "version", "event", "modified",
    ]

    func read(_ elements: [JSON]) -> (good: [IncomingDelta], refused: [RefusedDelta]) {
        var good: [IncomingDelta] = []
        var refused: [RefusedDelta] = []
        for (index, element) in elements.enumerated() {
            do throws(ValidationFailure) {
                good.append(try delta(element, index))
            } catch {
                refused.append(RefusedDelta(index: index, field: error.field, reason: error.reason))
            }
        }
        return (good, refused)
    }

    private func delta(_ element: JSON, _ index: Int) throws(ValidationFailure) -> IncomingDelta {
        guard let object = element.object else { throw fault("", "must be an object, got \(element.typeName)") }
        if let strange = object.names.first(where: { !DeltaReader.members.contains($0) }) {
            throw fault(strange, "is not a member of a delta")
        }
        let clock = try object["clock"].map { value throws(ValidationFailure) in try self.clock(value) }
        let dot = try object["dot"].map { value throws(ValidationFailure) in try self.dot(value) }
        if let dot, let clock {
            let seen = clock.first { $0.actor == dot.actor }?.count ?? 0
            guard dot.count == seen + 1 else { throw fault("dot.n", "must be \(seen + 1), one more than the clock has seen") }
        }
        guard (dot == nil) == (clock == nil) else { throw fault(dot == nil ? "dot" : "clock", "is missing: clock and dot go together") }
        return IncomingDelta(
            index: index, entity: try entity(object["entity"]), unit: try unit(object["unit"]),
            value: try value(object), clock: clock, dot: dot, stamp: try stamp(object["stamp"] ?? object["modified"]),
            operation: try text(object, "op_id"), version: try text(object, "version"), event: try text(object, "event"))
    }

    private func entity(_ value: JSON?) throws(ValidationFailure) -> EntityRef {
        guard let value else { throw fault("entity", "is missing") }
        if let text = value.string, let ref = EntityRef(text) { return ref }
        guard let kind = value["kind"]?.string, let kind = EntityKind(rawValue: kind) else {
            throw fault("entity.kind", "must be one of \(EntityKind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        guard let id = value["id"]?.string, let id = EntityID(id) else {
            throw fault("entity.id", "must be 1 to 64 characters out of a-z 0-9 - _")
        }
        return EntityRef(kind, id)
    }

    private func unit(_ value: JSON?) throws(ValidationFailure) -> UnitName {
        guard let text = value?.string, let unit = UnitName(text) else {
            throw fault("unit", "must be a unit name such as text.zh-CN or price.CNY")
        }
        return unit
    }

    private func value(_ object: JSONObject) throws(ValidationFailure) -> JSON? {
        switch object["op"]?.string {
        case "set":
            guard let value = object["value"] else { throw fault("value", "is missing") }
            return value
        case "delete":
            guard object["value"] == nil else { throw fault("value", "does not belong to a delete") }
            return nil
        default: throw fault("op", "must be set or delete")
        }
    }

    private func clock(_ value: JSON) throws(ValidationFailure) -> [IncomingDelta.Count] {
        guard let object = value.object else { throw fault("clock", "must be an object of actor to count") }
        guard object.count <= DeltaReader.actorsMax else { throw fault("clock", "names more than \(DeltaReader.actorsMax) actors") }
        var counts: [IncomingDelta.Count] = []
        for member in object {
            guard ActorIdentity(member.name) != nil else { throw fault("clock", "names an actor that is not role:name:incarnation") }
            counts.append(IncomingDelta.Count(actor: member.name, count: try count(member.value, "clock")))
        }
        return counts
    }

    private func dot(_ value: JSON) throws(ValidationFailure) -> IncomingDelta.Count {
        guard let actor = value["actor"]?.string, let identity = ActorIdentity(actor) else {
            throw fault("dot.actor", "must be role:name:incarnation")
        }
        // A channel that could author under another name could replace other people's writes.
        guard identity.role == .channel, identity.name == channel.text else {
            throw fault("dot.actor", "must begin with ch:\(channel.text):")
        }
        return IncomingDelta.Count(actor: actor, count: try count(value["n"] ?? .null, "dot.n"))
    }

    private func count(_ value: JSON, _ field: String) throws(ValidationFailure) -> UInt64 {
        guard let count = value.integer, (1...DeltaReader.countMax).contains(count) else {
            throw fault(field, "must count from 1 to \(DeltaReader.countMax)")
        }
        return UInt64(count)
    }

    private func stamp(_ value: JSON?) throws(ValidationFailure) -> Timestamp? {
        guard let value, !value.isNull else { return nil }
        guard let milliseconds = value.integer, (0...DeltaReader.countMax).contains(milliseconds) else {
            throw fault("stamp", "must be whole milliseconds since 1970 UTC")
        }
        let stamp = Timestamp(milliseconds: milliseconds)
        guard stamp - now <= Stamp.aheadMax else { throw fault("stamp", "lies more than 300 seconds ahead of our clock") }
        return stamp
    }

    private func text(_ object: JSONObject, _ name: String) throws(ValidationFailure) -> String? {
        guard let value = object[name], !value.isNull else { return nil }
        guard let text = value.string, (1...256).contains(text.utf8.count) else {
            throw fault(name, "must be a string of 1 to 256 bytes")
        }
        return text
    }

    private func fault(_ field: String, _ reason: String) -> ValidationFailure {
        ValidationFailure(field: field, reason: reason)
    }
}
