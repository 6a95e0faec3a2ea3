import Commerce

/// Two or more values of one unit that had not seen each other, and what became of them.
struct ConflictReport: Hashable, Sendable {
    enum State: String, Sendable, CaseIterable { case open, resolved }

    struct Side: Hashable, Sendable {
        var author: String
        var at: Timestamp
        /// nil for a deletion.
        var value: JSON?
        var isLive: Bool
    }

    struct Resolution: Hashable, Sendable {
        var by: String
        var at: Timestamp
        var reason: String
        var value: JSON?
    }

    var id: Int64
    var state: State
    var entity: EntityRef
    var unit: UnitName
    var policy: String
    var opened: Timestamp
    /// What both had seen; nil when unknown.
    var base: JSON?
    /// In the order their numbers are chosen by, from 0.
    var sides: [Side]
    var resolution: Resolution?

    var json: JSON {
        [
            "id": .integer(id), "state": .string(state.rawValue), "entity": .string(entity.description),
            "unit": .string(unit.text), "policy": .string(policy), "opened_at": .integer(opened.milliseconds),
            "base": base ?? .null,
            "sides": .array(
                sides.enumerated().map { index, side in
                    [
                        "index": .integer(Int64(index)), "author": .string(side.author),
                        "at": .integer(side.at.milliseconds), "value": side.value ?? .null,
                        "deleted": .bool(side.value == nil), "live": .bool(side.isLive),
                    ]
                }),
            "resolution": resolution.map { resolution in
                [
                    "by": .string(resolution.by), "at": .integer(resolution.at.milliseconds),
                    "reason": .string(resolution.reason), "value": resolution.value ?? .null,
                ]
            } ?? .null,
        ]
    }
}

/// How a person ends a conflict.
enum ConflictChoice: Hashable, Sendable {
    /// One of the sides, by its index.
    case side(Int)
    /// Whatever is live stays.
    case live
    /// A value of its own, which breaks the tie.
    case value(JSON)
}
