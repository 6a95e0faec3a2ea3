import Commerce
import ConflictResolution
import GRDB

extension Writing {
    struct Recorded {
        let answer: UnitOutcome.Applied
        /// Whether the hub must say its own value again, so that the author takes it back.
        let defended: Bool
    }

    /// Writes an admitted version: the change, the unit's state, its conflict.
    func record(
        _ version: Version<JSON?>, _ write: UnitWrite, _ standing: Standing, _ place: UnitPlace
    ) throws(StoreError) -> Recorded {
        let sequence = desk.nextSequence()
        var clock = standing.state.clock
        clock.join(version.context)
        clock.insert(version.dot)
        var living = standing.state.living.filter { !version.context.covers($0.dot) }
        living.append(UnitState.Living(dot: version.dot, sequence: sequence))
        living.sort { $0.dot < $1.dot }

        let resolution = try resolve(version, clock: clock, living: living, standing, place)
        let value = version.value?.bytes
        let prevailed = living.count == 1 || resolution.live == version.value
        let live = prevailed ? nil : resolution.live?.bytes
        let directory = desk.directory
        try perform { db in
            try db.run(Writing.insertChange) { row in
                row.set(1, sequence)
                row.set(2, place.entity)
                row.set(3, place.name)
                row.set(4, standing.sequence)
                row.set(5, directory.numberKnown(version.dot.actor))
                row.set(6, Int64(clamping: version.dot.count))
                row.set(7, UnitState.bytes(of: version.context, directory))
                row.set(8, UnitState.bytes(of: clock, directory))
                row.set(9, Int64(clamping: version.stamp.raw))
                row.set(10, desk.surroundings.time.now().milliseconds)
                row.set(11, value)
                row.set(12, prevailed ? 0 : 1)
                row.set(13, live)
                row.set(14, write.author)
                row.set(15, write.origin.rawValue)
                row.set(16, write.reason)
                row.set(17, resolution.question?.rawValue)
            }
            try db.run(Writing.upsertUnit) { row in
                row.set(1, place.entity)
                row.set(2, place.name)
                row.set(3, sequence)
                row.set(4, UnitState(clock: clock, living: living).bytes(directory))
            }
        }
        try noteQuestion(resolution.question, at: sequence, write, standing, place)
        var covered = version.context
        covered.insert(version.dot)
        let byHub = desk.directory.isHub(version.dot.actor)
        return Recorded(
            answer: UnitOutcome.Applied(
                sequence: sequence, written: sequence, live: resolution.live, clock: clock, prevailed: prevailed,
                question: resolution.question, covered: covered),
            defended: !byHub && !write.asOwner && !prevailed && place.definition.policy.defendsHub)
    }

    /// The hub says its own value again, with a write the author of `refused` has not
    /// seen: only then does a channel that keeps clocks give up what it wrote.
    func reassert(after refused: UnitOutcome.Applied, _ place: UnitPlace) throws(StoreError) -> UnitOutcome.Applied {
        var context = refused.clock
        if place.definition.policy != .singleOwner {
            // A proposal must stay alive beside it, so only hubs' own writes are covered.
            context = VectorClock()
            for entry in refused.clock.entries where desk.directory.isHub(entry.actor) {
                context.raise(entry.actor, to: entry.count)
            }
        }
        return try decree(
            after: refused, by: desk.life.hub, context: context, stamp: desk.nextStamp(), prevailed: false,
            reason: "a channel wrote what the hub decides; the hub's value stands", place)
    }

    func decree(
        after written: UnitOutcome.Applied, by author: ActorIdentity, context: VectorClock, stamp: Stamp,
        prevailed: Bool, reason: String, _ place: UnitPlace
    ) throws(StoreError) -> UnitOutcome.Applied {
        guard let held = try reading.state(entity: place.entity, name: place.name) else {
            throw .corrupt("\(place.ref) was just written and is not there")
        }
        let version = Version(
            dot: held.state.clock.next(author.actor), context: context, stamp: stamp, value: written.live)
        let write = UnitWrite(place.ref, written.live, author: "policy", origin: .policy, reason: reason)
        let recorded = try record(version, write, Standing(sequence: held.sequence, state: held.state), place).answer
        return UnitOutcome.Applied(
            sequence: recorded.sequence, written: written.written, live: recorded.live, clock: recorded.clock,
            prevailed: prevailed, question: recorded.question, covered: written.covered)
    }

    private func resolve(
        _ version: Version<JSON?>, clock: VectorClock, living: [UnitState.Living], _ standing: Standing,
        _ place: UnitPlace
    ) throws(StoreError) -> Resolution {
        // One living write is the live value; its past does not matter.
        if living.count == 1 { return Resolution(live: version.value) }
        var versions: [Version<JSON?>] = [version]
        for other in living where other.dot != version.dot {
            let change = try reading.change(other.sequence, entity: place.ref.entity)
            versions.append(
                Version(
                    dot: change.dot, context: change.context, stamp: change.stamp, value: try change.valueJSON()))
        }
        let history = ChainHistory(
            reading: reading, entity: place.ref.entity, head: standing.sequence, newest: version)
        let definition = place.definition
        let resolver = Resolver(
            policy: definition.policy, authority: desk.directory, history: history,
            validate: { value throws(ValidationFailure) in try definition.validate(value) },
            planted: desk.surroundings.planted)
        return resolver.resolve(Siblings(clock: clock, versions: versions))
    }

    /// Opens, keeps or closes the unit's conflict, as the resolution asks.
    private func noteQuestion(
        _ question: Resolution.Question?, at sequence: Int64, _ write: UnitWrite, _ standing: Standing,
        _ place: UnitPlace
    ) throws(StoreError) {
        let now = desk.surroundings.time.now().milliseconds
        if let question {
            try perform { db in
                try db.cachedStatement(
                    sql: """
                        INSERT INTO conflict (entity, name, question, opened_seq, opened_at) VALUES (?, ?, ?, ?, ?)
                        ON CONFLICT (entity, name) WHERE resolved_seq IS NULL
                        DO UPDATE SET question = excluded.question
                        """
                ).execute(arguments: [place.entity, place.name, question.rawValue, sequence, now])
            }
        } else if standing.state.living.count > 1 {
            try perform { db in
                try db.cachedStatement(
                    sql: """
                        UPDATE conflict SET resolved_seq = ?, resolved_at = ?, resolved_by = ?, reason = ?
                        WHERE entity = ? AND name = ? AND resolved_seq IS NULL
                        """
                ).execute(arguments: [sequence, now, write.author, write.reason, place.entity, place.name])
            }
        }
    }

    private static let insertChange = """
        INSERT INTO change (seq, entity, name, previous, actor, count, context, clock, stamp, at, value, live,
            live_value, author, origin, reason, question)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    private static let upsertUnit = """
        INSERT INTO unit (entity, name, seq, state) VALUES (?, ?, ?, ?)
        ON CONFLICT (entity, name) DO UPDATE SET seq = excluded.seq, state = excluded.state
        """
}
