package import Commerce

/// Reads and writes deltas as the delta protocol spells them; see `docs/protocol.md`.
package enum DeltaCoding {
    /// Reads a list of deltas. One that cannot be read becomes a fault; the others stand.
    package static func observations(
        from list: [JSON], field: String = "deltas"
    ) -> (observations: [(index: Int, observation: Observation)], faults: [(index: Int, fault: PullFault)]) {
        var observations: [(Int, Observation)] = []
        var faults: [(Int, PullFault)] = []
        for (index, json) in list.enumerated() {
            do throws(ValidationFailure) {
                observations.append((index, try observation(from: json)))
            } catch {
                faults.append(
                    (index, PullFault(item: "\(field)[\(index)]", field: error.field, reason: error.reason)))
            }
        }
        return (observations, faults)
    }

    /// Reads one delta as an observation.
    ///
    /// - Throws: ``ValidationFailure`` naming the member at fault.
    package static func observation(from json: JSON) throws(ValidationFailure) -> Observation {
        guard case .object = json else {
            throw ValidationFailure(field: "", reason: "a delta must be an object, got \(json.typeName)")
        }
        let entity = try self.entity(from: json["entity"])
        guard let unitText = json["unit"]?.string else {
            throw ValidationFailure(field: "unit", reason: "is required and must be a string")
        }
        guard let unit = UnitName(unitText) else {
            throw ValidationFailure(field: "unit", reason: "\"\(unitText.prefix(40))\" is not family[.qualifier][@channel]")
        }
        return Observation(
            entity: entity, unit: unit, content: try content(json), token: try token(json), dot: try dot(json),
            version: try mark(json["version"], "version"), modified: try time(json["modified"] ?? json["stamp"]),
            event: try mark(json["event"], "event"))
    }

    /// Reads `{"kind": …, "id": …}` or `"kind/id"`.
    package static func entity(from json: JSON?) throws(ValidationFailure) -> RemoteRef {
        if let halves = json?.string?.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false), halves.count == 2 {
            return try entity(from: ["kind": .string(String(halves[0])), "id": .string(String(halves[1]))])
        }
        guard let json, json.object != nil else {
            throw ValidationFailure(field: "entity", reason: "is required: {\"kind\": …, \"id\": …}")
        }
        guard let kindText = json["kind"]?.string, let kind = EntityKind(rawValue: kindText) else {
            let known = EntityKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationFailure(field: "entity.kind", reason: "must be one of \(known)")
        }
        guard let id = try mark(json["id"], "entity.id", bytesMax: 128) else {
            throw ValidationFailure(field: "entity.id", reason: "is required")
        }
        return RemoteRef(kind: kind, id: id)
    }

    /// A text that is kept and handed back: the rule of ``AnswerReader/mark(bytesMax:emptyAllowed:)``.
    private static func mark(
        _ json: JSON?, _ field: String, bytesMax: Int = AnswerLimits.markBytesMax
    ) throws(ValidationFailure) -> String? {
        guard let json, !json.isNull else { return nil }
        guard let text = json.string, (1...bytesMax).contains(text.utf8.count),
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else {
            throw ValidationFailure(field: field, reason: "must be a string of 1 to \(bytesMax) bytes without control characters")
        }
        return text
    }

    private static func content(_ json: JSON) throws(ValidationFailure) -> Observation.Content {
        switch json["op"]?.string {
        case "set":
            guard let value = json["value"], !value.isNull else {
                throw ValidationFailure(field: "value", reason: "is required when op is \"set\"")
            }
            return .value(value)
        case "delete": return .absent
        default: throw ValidationFailure(field: "op", reason: "must be \"set\" or \"delete\"")
        }
    }

    private static func token(_ json: JSON) throws(ValidationFailure) -> CausalToken? {
        guard let clock = json["clock"], !clock.isNull else { return nil }
        guard clock.object != nil else {
            throw ValidationFailure(field: "clock", reason: "must be an object of actor to count")
        }
        return CausalToken(json: clock)
    }

    private static func dot(_ json: JSON) throws(ValidationFailure) -> DotToken? {
        guard let dot = json["dot"], !dot.isNull else { return nil }
        guard let actor = try mark(dot["actor"], "dot.actor", bytesMax: AnswerLimits.actorBytesMax) else {
            throw ValidationFailure(field: "dot.actor", reason: "must be the channel's actor, ch:<channel>:<incarnation>")
        }
        guard let count = dot["n"]?.integer, (1...AnswerReader.countMax).contains(count) else {
            throw ValidationFailure(field: "dot.n", reason: "must be an integer from 1 to 2^53-1")
        }
        return DotToken(actor: actor, count: UInt64(count))
    }

    private static func time(_ json: JSON?) throws(ValidationFailure) -> Timestamp? {
        guard let json, !json.isNull else { return nil }
        guard let milliseconds = json.integer, AnswerLimits.instants.contains(milliseconds) else {
            throw ValidationFailure(field: "stamp", reason: "must be milliseconds since 1970 UTC, before the year 10000")
        }
        return Timestamp(milliseconds: milliseconds)
    }
}
