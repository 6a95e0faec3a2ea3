package import Commerce
package import Store

extension ParcelNotice {
    /// A line of an operator's list.
    package var json: JSON {
        [
            "notice": .integer(number), "kind": .string(kind.rawValue), "order": .string(order), "parcel": .string(part.text),
            "tracking": .string(tracking), "detail": .string(detail), "at": .integer(at.milliseconds),
            "settled_at": settledAt.map { .integer($0.milliseconds) } ?? .null, "settled_by": settledBy.map(JSON.string) ?? .null,
        ]
    }
}

extension FollowedParcel {
    /// Who follows it and how that goes, for operators; the buyer's telephone is not in it.
    package func json(_ watches: [ParcelWatch]) -> JSON {
        [
            "parcel": .string(part.text), "tracking": .string(number), "written_as": .string(named),
            "carrier": carrier.map { .string($0.text) } ?? .null, "former_carriers": .array(former.map { .string($0.text) }),
            "look_at": lookAt.map { .integer($0.milliseconds) } ?? .null, "services": .array(watches.map(\.json)),
        ]
    }
}

extension ParcelWatch {
    fileprivate var json: JSON {
        [
            "account": .string(account), "state": .string(state.rawValue), "told": told.map(JSON.string) ?? .null, "tries": .integer(tries),
            "due_at": dueAt.map { .integer($0.milliseconds) } ?? .null, "asked_at": askedAt.map { .integer($0.milliseconds) } ?? .null,
            "heard_at": heardAt.map { .integer($0.milliseconds) } ?? .null,
        ]
    }
}
