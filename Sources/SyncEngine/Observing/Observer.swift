package import ChannelAdapters
package import Commerce
import ConflictResolution
import Crypto
package import Store

/// What became of an observation.
package enum Observed: Sendable {
    /// What we knew already: an echo of our own push, or a write taken up before.
    case known(UnitRef?)
    /// A write at the channel, taken up.
    case applied(UnitRef, UnitOutcome.Applied)
    /// Not taken up, and why.
    case refused(item: String, field: String, reason: String)
    /// The channel no longer has the entity; counted by the mass-delete brake.
    case vanished(EntityRef)
}

/// The one way in for whatever a channel reports: pulls, callbacks, posts, read-backs
/// and reconciliation all come through here, so no path can bypass a policy.
package struct Observer {
    let writing: Writing
    let channel: ChannelRecord
    let settings: ChannelSettings
    let capabilities: Capabilities

    package init(
        _ writing: Writing, channel: ChannelRecord, settings: ChannelSettings, capabilities: Capabilities
    ) {
        self.writing = writing
        self.channel = channel
        self.settings = settings
        self.capabilities = capabilities
    }

    /// Takes up one observation, or says why not. Delivered twice, the second changes nothing.
    ///
    /// - Throws: only what concerns the store itself; a bad observation is an answer.
    package func observe(_ observation: Observation) throws(StoreError) -> Observed {
        do throws(StoreError) {
            return try observeChecked(observation)
        } catch {
            switch error {
            case .invalid(let failure):
                return .refused(item: Observer.name(observation), field: failure.field, reason: failure.reason)
            case .contradiction(let reason), .notFound(let reason):
                return .refused(item: Observer.name(observation), field: "entity", reason: reason)
            case .diskFull, .readOnly, .corrupt, .damagedBackup, .alreadyRunning, .newerSchema, .changedMigration,
                .notDurable, .closed, .failed:
                throw error
            }
        }
    }

    private static func name(_ observation: Observation) -> String {
        observation.unit.map { "\(observation.entity):\($0)" } ?? observation.entity.description
    }

    private func observeChecked(_ observation: Observation) throws(StoreError) -> Observed {
        guard let entity = try entity(for: observation) else {
            if observation.content == .absent { return .known(nil) }
            throw .contradiction("is not known here, and this channel may not create entities")
        }
        guard let unit = observation.unit else { return try vanished(entity, observation) }
        let ref = UnitRef(entity, unit)
        guard unit.channel == nil || unit.channel == channel.id else {
            throw .invalid(ValidationFailure(field: "unit", reason: "\(unit) belongs to another channel"))
        }
        if capabilities.keepsClocks || observation.dot != nil {
            return try observeCounted(ref, observation)
        }
        return try observeShadowed(ref, observation)
    }

    /// The entity a channel means, made known first where the channel may create.
    private func entity(for observation: Observation) throws(StoreError) -> EntityRef? {
        let remote = observation.entity
        if let held = try writing.reading.entity(
            namespace: channel.aliasNamespace, kind: remote.kind, key: remote.id)
        {
            return held
        }
        if let id = EntityID(remote.id) {
            let same = EntityRef(remote.kind, id)
            if try writing.reading.entityNumber(same) != nil { return same }
        }
        guard settings.creates, observation.content != .absent else { return nil }
        guard (1...128).contains(remote.id.utf8.count) else {
            throw .invalid(ValidationFailure(field: "entity.id", reason: "must be 1 to 128 bytes"))
        }
        guard let id = EntityID(writing.newID()) else { preconditionFailure("the id source mints a bad id") }
        let entity = EntityRef(remote.kind, id)
        try writing.create(entity)
        try writing.alias(entity, namespace: channel.aliasNamespace, key: remote.id)
        return entity
    }

    /// From a channel that counts its own writes: the clock says all there is to know.
    private func observeCounted(_ unit: UnitRef, _ observation: Observation) throws(StoreError) -> Observed {
        let reading = writing.reading
        // The author is introduced first: after a restore its own past in the clock may be news to us.
        let author = try observation.dot.map { dot throws(StoreError) in try introduced(dot) }
        var seen = VectorClock()
        if let token = observation.token {
            try writing.recall(token.json, of: channel.id)
            seen = try reading.clock(from: token.json)
        }
        let causality: UnitWrite.Causality
        if let dot = observation.dot, let author {
            causality = .counted(Dot(actor: author, count: dot.count), seen: seen)
        } else {
            // No dot: the channel tells what it holds. If we have seen it all, it is no news.
            if let held = try reading.view(unit), observation.token != nil, held.clock.covers(seen) {
                if try isEcho(observation, of: unit, at: seen) { return .known(unit) }
            } else if try reading.view(unit) == nil, observation.content == .absent {
                return .known(unit)
            }
            seen = observation.token == nil ? try acknowledged(unit) : try withoutUntold(seen, unit)
            causality = .observed(channel.actor.actor, seen: seen)
        }
        let base = try reading.base(of: unit, at: seen)
        return try write(unit, lifted(observation, unit: unit, held: nil, base: base), causality, observation)
    }

    /// What a channel has seen, but of its own present writes only those that came: the rest will, each by its dot.
    private func withoutUntold(_ seen: VectorClock, _ unit: UnitRef) throws(StoreError) -> VectorClock {
        guard !writing.forgetful, let own = capabilities.actorName.flatMap({ ActorIdentity($0) })?.actor else { return seen }
        let known = try writing.reading.head(unit)?.clock[own] ?? 0
        return VectorClock(
            seen.entries.map { $0.actor == own ? VectorClock.Entry(actor: own, count: min(known, $0.count)) : $0 })
    }

    /// The actor of a write the channel counted itself, made known here.
    private func introduced(_ dot: DotToken) throws(StoreError) -> Actor {
        guard let identity = writing.reading.identity(named: dot.actor) ?? ActorIdentity(dot.actor),
            identity.role == .channel, identity.name == channel.id.text
        else {
            throw .invalid(ValidationFailure(field: "dot.actor", reason: "must be ch:\(channel.id):<incarnation>"))
        }
        guard dot.count > 0, dot.count <= 9_007_199_254_740_991 else {
            throw .invalid(ValidationFailure(field: "dot.n", reason: "must be an integer from 1 to 2^53-1"))
        }
        try writing.admit(author: identity)
        return identity.actor
    }

    /// What a channel that sends no clock has certainly seen of a unit: what it had
    /// acknowledged of the feed, and its own writes.
    private func acknowledged(_ unit: UnitRef) throws(StoreError) -> VectorClock {
        let cursor = try writing.reading.cursor(channel, .push).position
        let seen = try writing.reading.history(unit, limit: 100).first {
            $0.sequence <= cursor || $0.dot.actor == channel.actor.actor
        }
        return seen?.clock ?? VectorClock()
    }

    /// Whether a value without a dot is what the channel was given at that clock.
    private func isEcho(_ observation: Observation, of unit: UnitRef, at seen: VectorClock) throws(StoreError) -> Bool {
        let base = try writing.reading.base(of: unit, at: seen)
        switch observation.content {
        case .absent: return base == nil
        case .value(let shown):
            guard let base else { return false }
            return shown == base || shown == projected(base, unit.unit) || normal(shown, unit) == base
        }
    }

    var likeness: Likeness {
        Likeness(
            settings: settings, capabilities: capabilities, ignoresProjection: writing.planted == .ignoresProjection)
    }

    func projected(_ value: JSON, _ unit: UnitName) -> JSON { likeness.projected(value, unit) }

    func normal(_ value: JSON?, _ unit: UnitRef) -> JSON? { likeness.normal(value, unit) }

    private func lifted(_ observation: Observation, unit: UnitRef, held: JSON?, base: JSON?) -> JSON? {
        guard case .value(let shown) = observation.content else { return nil }
        guard let base else { return shown }
        return Lifting.lift(shown, held: held ?? projected(base, unit.unit), base: base)
    }

    func write(
        _ unit: UnitRef, _ value: JSON?, _ causality: UnitWrite.Causality, _ observation: Observation
    ) throws(StoreError) -> Observed {
        let outcome = try writing.apply(
            UnitWrite(
                unit, value, causality: causality, stamp: stamp(of: observation, causality),
                author: "channel:\(channel.id)", origin: .channel,
                asOwner: settings.ownerOf.contains(unit.unit.family)))
        switch outcome {
        case .applied(let applied):
            try hasten(unit)
            return .applied(unit, applied)
        case .unchanged, .known, .stale: return .known(unit)
        }
    }

    /// A channel that writes a unit again may well take what it put off before: that is tried now, not when it is due.
    private func hasten(_ unit: UnitRef) throws(StoreError) {
        guard let waiting = try writing.reading.exception(channel, unit), waiting.state == .retrying else { return }
        try writing.except(
            channel, unit, state: .retrying, sequence: waiting.sequence, operation: waiting.operation,
            attempts: waiting.attempts, dueAt: writing.now, error: waiting.error)
    }

    /// When the write was made, as its channel says.
    ///
    /// A write the channel counted itself goes with its own stamp or not at all. One that is only seen to have
    /// happened counts as made now where the channel's clock is ahead: refusing it would lose the edit, and
    /// believing it would let it win over every edit of the years to come.
    private func stamp(of observation: Observation, _ causality: UnitWrite.Causality) -> Stamp? {
        guard let modified = observation.modified else { return nil }
        if case .observed = causality, modified - writing.now > Stamp.aheadMax { return nil }
        return Stamp(time: modified)
    }
}

extension ChannelRecord {
    /// Where this channel's own ids are kept as aliases.
    package var aliasNamespace: String { "ch:\(id)" }
}

/// What a shadow keeps of a value that a channel showed.
package enum ContentHash {
    static func of(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }
    package static func of(_ value: JSON?) -> [UInt8] { of(value?.bytes ?? []) }
}
