import ChannelAdapters
import Commerce
import ConflictResolution
import Store

extension DriftJudge {
    /// Changes looked through for one that explains what is shown.
    private static let historyMax = 50

    func judge(
        _ unit: UnitRef, _ expected: ExpectedListing.Unit?, _ observation: Observation?, into verdict: inout DriftVerdict
    ) throws(StoreError) {
        let shown = DriftJudge.value(observation)
        guard expected?.isOpen != true else { return }
        let live = expected?.live
        if capabilities.keepsClocks {
            if likeness.matches(shown, live, unit) {
                if let head = try unheard(expected, observation, shown) {
                    let reason = "in words of its own, under a clock from before the push of ours"
                    verdict.findings.append(
                        DriftFinding(
                            listing: unit.entity.description, unit: unit.unit, kind: .lostPush, reason: reason,
                            expected: expected?.hash(likeness), shown: shown, plan: .push([head])))
                }
                return
            }
        } else if let held = expected?.shadow?.heldHash {
            if held == ContentHash.of(shown) { return }
            // As it should be, in other words than were known: a hash compared elsewhere must learn them.
            if likeness.matches(shown, live, unit) {
                if let observation { verdict.spellings.append(observation) }
                return
            }
        } else if likeness.matches(shown, live, unit) {
            if let observation, shown != nil { verdict.spellings.append(observation) }
            return
        }
        let told: (kind: DriftClass, reason: String, plan: DriftFinding.Plan)
        if let observation {
            told = capabilities.keepsClocks
                ? try counted(unit, expected, observation, shown) : try shadowed(unit, expected, observation, shown)
        } else if let expected {
            told = (.lostPush, "is not there; what is only absent was not removed by anybody", .push([expected.head]))
        } else {
            return
        }
        verdict.findings.append(
            DriftFinding(
                listing: unit.entity.description, unit: unit.unit, kind: told.kind, reason: told.reason,
                expected: expected?.hash(likeness), shown: shown, plan: told.plan))
    }

    /// The newest change, where a channel that keeps clocks spells its value otherwise and its clock does not know it.
    ///
    /// Nothing is wrong for its customers, but the two digests would differ in every round from now on.
    private func unheard(
        _ expected: ExpectedListing.Unit?, _ observation: Observation?, _ shown: JSON?
    ) throws(StoreError) -> Change? {
        guard let expected, let live = expected.live, let token = observation?.token, shown != live,
            shown != likeness.projected(live, expected.head.unit.unit)
        else { return nil }
        let seen = try reading.clock(from: token.json, lenient: true)
        return seen.covers(expected.head.clock) ? nil : expected.head
    }

    /// From a channel that keeps clocks: the clock says who wrote what is shown.
    private func counted(
        _ unit: UnitRef, _ expected: ExpectedListing.Unit?, _ observation: Observation, _ shown: JSON?
    ) throws(StoreError) -> (kind: DriftClass, reason: String, plan: DriftFinding.Plan) {
        let origin = try origin(observation, expected)
        guard let expected, origin.kind == .manualEdit else {
            return (origin.kind, origin.reason, .observe([observation]))
        }
        // Its own dot, if any, is known: what is shown is a state, not a write.
        let state = try settled(observation)
        let seen = try reading.clock(from: state.token?.json ?? [:], lenient: true)
        let older = try earlier(than: expected.head, unit, showing: shown)
        if !seen.covers(expected.head.clock) {
            let given = try reading.base(of: unit, at: seen)
            if older != nil || likeness.matches(shown, given, unit) {
                return (.lostPush, "value and clock are from before the newest push", .push([expected.head]))
            }
        } else if older != nil {
            return (
                .lostPush, "an older value under the newest clock: the row was put back", .sayAgain(state, expected.live)
            )
        }
        return (origin.kind, origin.reason, .observe([state]))
    }

    /// From a channel without clocks: only its history with us and its own times speak.
    private func shadowed(
        _ unit: UnitRef, _ expected: ExpectedListing.Unit?, _ observation: Observation, _ shown: JSON?
    ) throws(StoreError) -> (kind: DriftClass, reason: String, plan: DriftFinding.Plan) {
        if let expected, let older = try earlier(than: expected.head, unit, showing: shown) {
            guard let modified = observation.modified, modified >= expected.head.at else {
                let when = observation.modified == nil ? "it says no time" : "its time is from before the newest"
                return (
                    .lostPush, "it shows what it was sent before, and \(when)",
                    .agree(sequence: older, observation, then: expected.head)
                )
            }
        }
        let origin = try origin(observation, expected)
        return (origin.kind, origin.reason, .observe([observation]))
    }

    /// The newest change before `head` that the channel would show like this.
    private func earlier(than head: Change, _ unit: UnitRef, showing shown: JSON?) throws(StoreError) -> Int64? {
        for change in try reading.history(unit, limit: DriftJudge.historyMax).dropFirst() {
            if likeness.matches(shown, try change.liveJSON(), unit) { return change.sequence }
        }
        return nil
    }

    /// Who wrote what the hub never sent.
    func origin(
        _ observation: Observation, _ expected: ExpectedListing.Unit?
    ) throws(StoreError) -> (kind: DriftClass, reason: String) {
        guard capabilities.keepsClocks else {
            let asked = try reading.cursor(channel, .pull).movedAt
            guard let modified = observation.modified, modified > asked else {
                return (.manualEdit, "the hub never sent it, and the channel's feed did not tell of it")
            }
            return (.missedChange, "edited there since it was last asked for edits")
        }
        let known = expected?.head.clock ?? VectorClock()
        if let dot = observation.dot {
            let writer = ActorIdentity(dot.actor)
            guard let writer, dot.actor == capabilities.actorName else {
                return (.foreignApplication, "written by \(dot.actor.prefix(80))")
            }
            if known[writer.actor] < dot.count {
                return (.missedChange, "its own write \(dot.count) of this unit has not come to us")
            }
        }
        for member in observation.token?.json.object ?? JSONObject() {
            guard let identity = ActorIdentity(member.name), let count = member.value.integer, count >= 0 else { continue }
            let isOwn = member.name == capabilities.actorName || identity == channel.actor
            if !isOwn, UInt64(count) > known[identity.actor] {
                return (.foreignApplication, "its clock names a write of \(member.name.prefix(80)) that nobody here knows")
            }
        }
        return (.manualEdit, "neither its clock nor its feed tells of the change")
    }

    /// An observation of a write already known, as what is held now.
    private func settled(_ observation: Observation) throws(StoreError) -> Observation {
        guard let dot = observation.dot else { return observation }
        var clock = observation.token?.json.object ?? JSONObject()
        clock[dot.actor] = .integer(Int64(clamping: dot.count))
        return Observation(
            entity: observation.entity, unit: observation.unit, content: observation.content,
            token: CausalToken(json: .object(clock)), version: observation.version, modified: observation.modified,
            event: observation.event)
    }
}
