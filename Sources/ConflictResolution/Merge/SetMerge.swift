import Commerce

/// Merges concurrent values of a set so that an addition beats a removal that had not
/// seen it.
///
/// An observed-remove set: each element carries the dots of the writes that added it,
/// and a removal takes only dots its author had seen. The dots are not stored; they
/// follow from the history. An element of a write's value that its author had not
/// been shown was added by that write, and so was one whose payload it changed. See
/// Shapiro et al., "A comprehensive study of CRDTs", 2011.
struct SetMerge {
    let key: String?
    let resolver: Resolver

    /// Which writes an element owes its presence to, and what each made of it.
    typealias Elements = [JSON: [Dot: Claim]]

    struct Claim {
        let payload: JSON
        let stamp: Stamp
    }

    /// A write's elements, and all that its holder has seen with it.
    struct State {
        var elements: Elements
        var seen: VectorClock
    }

    func merge(_ versions: [Version<JSON?>]) -> Resolution {
        let past = SetPast(of: versions, in: resolver.history)
        let states = past.states(of: versions, by: self, base: resolver.view(at: past.floor))
        let merged = SetMerge.joined(states).elements
        let winners = merged.compactMapValues(SetMerge.winner)
        let live = SetOrder(key: key).arrange(versions, keeping: winners)
        var overruled: [Dot] = []
        for (version, state) in zip(versions, states) where lost(version, state, merged: merged, winners: winners) {
            overruled.append(version.dot)
        }
        return Resolution(live: .array(live), overruled: overruled)
    }

    /// What makes two elements the same one.
    func identity(_ element: JSON) -> JSON {
        guard let key else { return element }
        return element[key] ?? element
    }

    /// The elements of a value, the first of those that are the same.
    func elements(_ value: JSON?) -> [(identity: JSON, payload: JSON)] {
        var seen: Set<JSON> = []
        return (value?.array ?? []).compactMap { element in
            let identity = identity(element)
            return seen.insert(identity).inserted ? (identity, element) : nil
        }
    }

    /// The state after `version`, whose author had been shown `before`.
    func state(after version: Version<JSON?>, before: Elements) -> State {
        var elements: Elements = [:]
        for (identity, payload) in self.elements(version.value) {
            if let claims = before[identity], SetMerge.winner(claims) == payload {
                elements[identity] = claims
            } else {
                elements[identity] = [version.dot: Claim(payload: payload, stamp: version.stamp)]
            }
        }
        var seen = version.context
        seen.insert(version.dot)
        return State(elements: elements, seen: seen)
    }

    /// A claim survives unless somebody who had seen it does not hold it. What every side
    /// holds stays, even when each owes it to a claim another has dropped.
    static func joined(_ states: [State]) -> State {
        guard states.count > 1 else { return states.first ?? State(elements: [:], seen: VectorClock()) }
        var result = State(elements: [:], seen: VectorClock())
        for (index, state) in states.enumerated() {
            result.seen.join(state.seen)
            for (identity, claims) in state.elements {
                for (dot, claim) in claims {
                    let dropped = states.enumerated().contains { other, holder in
                        other != index && holder.seen.covers(dot) && holder.elements[identity]?[dot] == nil
                    }
                    if !dropped { result.elements[identity, default: [:]][dot] = claim }
                }
            }
        }
        for (identity, claims) in states[0].elements where result.elements[identity] == nil {
            let held = states.compactMap { $0.elements[identity] }
            guard held.count == states.count else { continue }
            result.elements[identity] = held.dropFirst().reduce(claims) { $0.merging($1) { mine, _ in mine } }
        }
        return result
    }

    /// The payload of the greatest claim in the total order.
    static func winner(_ claims: [Dot: Claim]) -> JSON? {
        claims.max { ($0.value.stamp, $0.key) < ($1.value.stamp, $1.key) }?.value.payload
    }

    /// Whether another author's payload stands where this version has a claim still alive.
    private func lost(
        _ version: Version<JSON?>, _ state: State, merged: Elements, winners: [JSON: JSON]
    ) -> Bool {
        elements(version.value).contains { identity, payload in
            guard let winner = winners[identity], winner != payload, let claims = state.elements[identity],
                let alive = merged[identity]
            else { return false }
            return claims.keys.contains { alive[$0] != nil }
        }
    }
}
