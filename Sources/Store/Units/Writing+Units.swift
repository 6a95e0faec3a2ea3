package import Commerce
package import ConflictResolution
import Foundation
import GRDB

extension Writing {
    /// Takes up one write and everything that follows from it, or nothing at all.
    ///
    /// Records the author's value as an immutable change, replaces exactly the writes
    /// its author had seen, works out what is live by the unit's policy, moves the
    /// unit to the head of the feed and opens or closes its conflict. Delivered twice,
    /// a counted write answers `.known` the second time.
    ///
    /// - Throws: ``StoreError``: `.invalid` names the member at fault, `.notFound` an
    ///   entity nobody created.
    package func apply(_ write: UnitWrite) throws(StoreError) -> UnitOutcome {
        let definition: UnitDefinition
        var value = write.value
        do throws(ValidationFailure) {
            definition = try UnitCatalog.definition(write.unit.entity.kind, write.unit.unit)
            if let given = value, !write.isNormal { value = try definition.validate(given) }
        } catch {
            throw .invalid(error)
        }
        guard let entity = try entityNumber(write.unit.entity) else {
            throw .notFound(write.unit.entity.description)
        }
        let name = try perform { db in try desk.directory.intern(write.unit.unit, db) }
        let place = UnitPlace(ref: write.unit, entity: entity, name: name, definition: definition)
        let held = try reading.state(entity: entity, name: name)
        var standing = Standing(sequence: held?.sequence, state: held?.state ?? UnitState(clock: VectorClock(), living: []))
        standing.state.clock.join(lost(write.causality, standing.state.clock))

        switch try admit(write, value, standing, place) {
        case .answered(let outcome): return outcome
        case .admitted(let version):
            do throws(StoreError) {
                let applied = try follow(try record(version, write, standing, place), version, write, value, place)
                try followCode(applied.live, place)
                try followMarks(applied.live, place, isNew: held == nil)
                return .applied(applied)
            } catch {
                // Half of it may be written; a body that goes on must not keep that.
                desk.fault = error
                throw error
            }
        }
    }

    /// What the hub says itself after a write, so that its author holds what is live; the write alone where nothing is needed.
    private func follow(
        _ recorded: Recorded, _ version: Version<JSON?>, _ write: UnitWrite, _ value: JSON?, _ place: UnitPlace
    ) throws(StoreError) -> UnitOutcome.Applied {
        let answer = recorded.answer
        if recorded.defended, desk.surroundings.planted != .keepsLocalValue { return try reassert(after: answer, place) }
        // Its author holds another spelling, and learns the normal form only from a write it has not seen.
        guard value != write.value, !desk.directory.isHub(version.dot.actor), answer.prevailed else { return answer }
        return try normalise(after: answer, by: version.dot.actor, version.stamp, place)
    }

    /// What an author has seen of lives that are over and that nobody will tell this store of any more: the author's
    /// own earlier ones, whose data set is gone, and after a restore everybody's.
    ///
    /// Nobody will write it again. Unless the unit's clock takes it up, nothing the hub writes
    /// covers what the channel holds, and the channel refuses it for ever.
    private func lost(_ causality: UnitWrite.Causality, _ clock: VectorClock) -> VectorClock {
        let author: Actor
        let seen: VectorClock
        switch causality {
        case .hub, .hubHaving: return VectorClock()
        case .observed(let actor, let claimed): (author, seen) = (actor, claimed)
        case .counted(let dot, let claimed): (author, seen) = (dot.actor, claimed)
        }
        if clock.covers(seen) { return VectorClock() }
        let writer = desk.directory.identity(of: author)
        return VectorClock(
            seen.entries.filter { entry in
                guard entry.actor != author, entry.actor != desk.life.hub.actor, entry.count > clock[entry.actor],
                    entry.count <= Dot.countMax, let other = desk.directory.identity(of: entry.actor)
                else { return false }
                return desk.life.reborn || other.role == .channel && other.role == writer?.role && other.name == writer?.name
            })
    }

    private enum Admission {
        case answered(UnitOutcome)
        case admitted(Version<JSON?>)
    }

    /// Decides whether the write is new, and which dot and context it gets.
    private func admit(
        _ write: UnitWrite, _ value: JSON?, _ standing: Standing, _ place: UnitPlace
    ) throws(StoreError) -> Admission {
        let clock = standing.state.clock
        let hub = desk.life.hub.actor
        switch write.causality {
        case .hub:
            if try isUnchanged(value, standing, place) { return .answered(.unchanged) }
            return .admitted(
                Version(dot: clock.next(hub), context: clock, stamp: desk.nextStamp(), value: value))
        case .hubHaving(let seen, let keepBoth):
            if seen.covers(clock) {
                if try isUnchanged(value, standing, place) { return .answered(.unchanged) }
                return .admitted(
                    Version(dot: clock.next(hub), context: clock, stamp: desk.nextStamp(), value: value))
            }
            guard keepBoth, try onlyReassertedSince(seen, standing, place) else {
                return .answered(.stale(live: try liveNow(standing, place), clock: clock))
            }
            var context = seen.met(clock)
            context.raise(hub, to: clock[hub])
            return .admitted(Version(dot: clock.next(hub), context: context, stamp: desk.nextStamp(), value: value))
        case .observed(let actor, let seen):
            try check(actor, clock[actor], field: "actor")
            var context = seen.met(clock)
            context.raise(actor, to: clock[actor])
            context = try withNormalForms(context, standing, place)
            return .admitted(
                Version(
                    dot: clock.next(actor), context: defended(context, actor, write, standing, place),
                    stamp: try stamp(write.stamp), value: value))
        case .counted(let dot, let seen):
            if clock.covers(dot) { return .answered(.known(clock)) }
            try check(dot, seen, clock)
            let context = try withNormalForms(seen, standing, place)
            return .admitted(
                Version(
                    dot: dot, context: defended(context, dot.actor, write, standing, place), stamp: try stamp(write.stamp),
                    value: value))
        }
    }

    private func stamp(_ given: Stamp?) throws(StoreError) -> Stamp {
        guard let given else { return desk.nextStamp() }
        guard given.time - desk.surroundings.time.now() <= Stamp.aheadMax else {
            throw .invalid(
                ValidationFailure(
                    field: "stamp", reason: "is more than \(Stamp.aheadMax.components.seconds) s ahead of this host's clock"))
        }
        desk.witness(given)
        return given
    }

    /// Refuses clocks that claim writes nobody can have made.
    private func check(_ dot: Dot, _ seen: VectorClock, _ clock: VectorClock) throws(StoreError) {
        for entry in seen.entries { try check(entry.actor, entry.count, field: "clock") }
        try check(dot.actor, dot.count, field: "dot")
        guard dot.count == seen[dot.actor] + 1 else {
            throw .invalid(
                ValidationFailure(
                    field: "dot.n", reason: "must be one more than the author's own entry in clock (\(seen[dot.actor]))"))
        }
        for entry in seen.entries where entry.actor != dot.actor && entry.count > clock[entry.actor] {
            let who = desk.directory.identity(of: entry.actor)?.description ?? "an unknown actor"
            throw .invalid(
                ValidationFailure(
                    field: "clock", reason: "claims write \(entry.count) of \(who), of which \(clock[entry.actor]) are known"))
        }
    }

    private func check(_ actor: Actor, _ count: UInt64, field: String) throws(StoreError) {
        guard desk.directory.number(of: actor) != nil else {
            throw .invalid(ValidationFailure(field: field, reason: "names an actor nobody has introduced"))
        }
        guard count <= Dot.countMax else {
            throw .invalid(ValidationFailure(field: field, reason: "counts past \(Dot.countMax)"))
        }
    }

    /// Where the hub has authority, a channel's write cannot replace the hub's: its
    /// context is cut down to its own past, so that it stands beside the hub's value.
    private func defended(
        _ context: VectorClock, _ actor: Actor, _ write: UnitWrite, _ standing: Standing, _ place: UnitPlace
    ) -> VectorClock {
        guard !write.asOwner, place.definition.policy.defendsHub, hasHubVersion(standing) else { return context }
        var own = VectorClock()
        own.raise(actor, to: max(context[actor], standing.state.clock[actor]))
        // The normal forms of its own writes are its own past as well.
        for entry in context.entries where isScribe(entry.actor, of: actor) { own.raise(entry.actor, to: entry.count) }
        return own
    }

    private func hasHubVersion(_ standing: Standing) -> Bool {
        standing.state.living.contains { desk.directory.isHub($0.dot.actor) }
    }

    private func isUnchanged(_ value: JSON?, _ standing: Standing, _ place: UnitPlace) throws(StoreError) -> Bool {
        guard let sequence = standing.sequence else { return value == nil }
        guard standing.state.living.count == 1 else { return false }
        let head = try reading.change(sequence, entity: place.ref.entity)
        return head.live == value?.bytes
    }

    private func liveNow(_ standing: Standing, _ place: UnitPlace) throws(StoreError) -> JSON? {
        guard let sequence = standing.sequence else { return nil }
        return try reading.change(sequence, entity: place.ref.entity).liveJSON()
    }

    /// Whether all the hub wrote after `seen` was its own value again, against a channel's edit.
    private func onlyReassertedSince(
        _ seen: VectorClock, _ standing: Standing, _ place: UnitPlace
    ) throws(StoreError) -> Bool {
        for living in standing.state.living where desk.directory.isHub(living.dot.actor) && !seen.covers(living.dot) {
            let change = try reading.change(living.sequence, entity: place.ref.entity)
            guard change.origin == .policy else { return false }
        }
        return true
    }
}

extension Dot {
    /// The greatest count taken from outside: beyond it a number is no longer exact in every peer's JSON.
    static let countMax: UInt64 = 1 << 53
}

/// A unit's coordinates for the length of one write.
struct UnitPlace {
    let ref: UnitRef
    let entity: Int64
    let name: Int64
    let definition: UnitDefinition
}

/// What is stored of a unit before a write.
struct Standing {
    let sequence: Int64?
    var state: UnitState
}

extension MergePolicy {
    /// Whether a channel's write may never replace the hub's without a person.
    package var defendsHub: Bool {
        switch self {
        case .singleOwner, .hubAuthoritative: true
        case .lastWriter, .addWinsSet, .highest, .lowest, .disjointText, .mostRestrictive, .askPerson: false
        }
    }
}

extension Directory: Authority {
    package func isHub(_ actor: Actor) -> Bool { identity(of: actor)?.role == .hub }
}
