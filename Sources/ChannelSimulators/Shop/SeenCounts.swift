import Commerce

/// How many writes of each actor somebody has seen of one unit.
///
/// The simulator's own reading of the protocol, on purpose apart from the hub's: a
/// mistake made in one of them shows as a disagreement.
struct SeenCounts: Hashable, Sendable {
    private var counts: [String: Int64] = [:]

    init() {}

    /// - Throws: ``ValidationFailure`` unless it is an object of actor to count.
    init(json: JSON) throws(ValidationFailure) {
        guard let members = json.object else {
            throw ValidationFailure(field: "clock", reason: "must be an object of actor to count, got \(json.typeName)")
        }
        for member in members {
            guard let count = member.value.integer, (0...9_007_199_254_740_991).contains(count) else {
                throw ValidationFailure(field: "clock.\(member.name)", reason: "must be an integer from 0 to 2^53-1")
            }
            self[member.name] = count
        }
    }

    subscript(actor: String) -> Int64 {
        get { counts[actor] ?? 0 }
        set { counts[actor] = newValue == 0 ? nil : newValue }
    }

    /// Whether everything the other has seen is seen here too. Two equal clocks cover each other.
    func covers(_ other: SeenCounts) -> Bool {
        other.counts.allSatisfy { self[$0.key] >= $0.value }
    }

    var json: JSON {
        var object = JSONObject()
        for (actor, count) in counts { object[actor] = .integer(count) }
        return .object(object)
    }
}
