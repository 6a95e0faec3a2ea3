import ChannelAdapters
import Commerce
import ConflictResolution
import Store

extension Observer {
    /// From a channel that knows no clocks: compared with what it held when it last agreed.
    func observeShadowed(_ unit: UnitRef, _ observation: Observation) throws(StoreError) -> Observed {
        let reading = writing.reading
        var shadow = try reading.shadow(channel, unit) ?? Shadow()
        let shown: JSON? = if case .value(let value) = observation.content { value } else { nil }
        let hash = ContentHash.of(shown)

        if let pushing = shadow.pushing, try landed(pushing, unit, shown, hash) {
            try agree(unit, &shadow, sequence: pushing.sequence, shown: shown, version: observation.version)
            return .known(unit)
        }
        if let held = shadow.heldHash, held != hash || shadow.version != observation.version,
            let head = try reading.head(unit), try reading.exception(channel, unit)?.sequence == head.sequence,
            try matches(shown, head.liveJSON(), unit)
        {
            // Written since, and what waits to be sent would look just so: it was stored after all.
            try agree(unit, &shadow, sequence: head.sequence, shown: shown, version: observation.version)
            return .known(unit)
        }
        if let held = shadow.heldHash, held == hash {
            // A push under way stays so: only its answer, or reading back, tells what became of it.
            if shadow.version != observation.version {
                shadow.version = observation.version
                try writing.setShadow(channel, unit, shadow)
            }
            return .known(unit)
        }
        if shadow.heldHash == nil {
            // Nothing is known of what it held: if it shows what is live, it is in step.
            if let head = try reading.head(unit), matches(shown, try head.liveJSON(), unit) {
                try agree(unit, &shadow, sequence: head.sequence, shown: shown, version: observation.version)
                return .known(unit)
            }
            // It never showed the unit, so not showing it now is no deletion.
            if shown == nil { return .known(unit) }
        }
        return try edited(unit, &shadow, shown: shown, base: try base(of: unit, shadow, shown: shown), observation)
    }

    private func edited(
        _ unit: UnitRef, _ shadow: inout Shadow, shown: JSON?, base: Given?, _ observation: Observation
    ) throws(StoreError) -> Observed {
        var value = shown
        if let shown, let base, let given = base.value {
            let held = try shadow.heldValue.map { bytes throws(StoreError) in try parsed(bytes) } ?? projected(given, unit.unit)
            value = Lifting.lift(shown, held: held, base: given)
            if normal(value, unit) == given {
                // It spells in its own way what it had: no news, and what waits to be pushed still waits.
                shadow.heldHash = ContentHash.of(shown)
                shadow.heldValue = shown.bytes
                shadow.version = observation.version
                shadow.pushing = nil
                if shadow.context.isEmpty { shadow.context = base.seen }
                try writing.setShadow(channel, unit, shadow)
                return .known(unit)
            }
        }
        let observed = try write(unit, value, .observed(channel.actor.actor, seen: shadow.context), observation)
        shadow.pushing = nil
        shadow.version = observation.version
        shadow.heldHash = ContentHash.of(shown)
        shadow.heldValue = shown == value ? nil : shown?.bytes
        if case .applied(_, let applied) = observed {
            shadow.context.join(applied.covered)
            shadow.baseSequence = applied.written
        }
        try writing.setShadow(channel, unit, shadow)
        return observed
    }

    /// Whether what the channel shows is what a push under way would have made it show.
    private func landed(
        _ pushing: Shadow.Pushing, _ unit: UnitRef, _ shown: JSON?, _ hash: [UInt8]
    ) throws(StoreError) -> Bool {
        if hash == pushing.hash { return true }
        let pushed = try writing.reading.value(at: pushing.sequence, of: unit)
        return matches(shown, pushed, unit)
    }

    private func matches(_ shown: JSON?, _ value: JSON?, _ unit: UnitRef) -> Bool {
        likeness.matches(shown, value, unit)
    }

    /// Notes that channel and master agree on a change.
    func agree(
        _ unit: UnitRef, _ shadow: inout Shadow, sequence: Int64, shown: JSON?, version: String?
    ) throws(StoreError) {
        let change = try writing.reading.change(at: sequence, of: unit)
        shadow.baseSequence = sequence
        shadow.context = change?.clock ?? shadow.context
        shadow.heldHash = ContentHash.of(shown)
        let given = try change?.liveJSON()
        shadow.heldValue = shown == given ? nil : shown?.bytes
        shadow.version = version
        shadow.pushing = nil
        try writing.setShadow(channel, unit, shadow)
        // What was answered "not now" may have been stored all the same; then nothing is left to send.
        if try writing.reading.exception(channel, unit)?.sequence == sequence,
            try writing.reading.head(unit)?.sequence == sequence
        {
            try writing.clearException(channel, unit)
        }
    }

    /// What a channel had been given, and what whoever holds that has seen.
    private struct Given {
        let value: JSON?
        let seen: VectorClock
    }

    /// What the channel had been given when it last agreed.
    private func base(of unit: UnitRef, _ shadow: Shadow, shown: JSON?) throws(StoreError) -> Given? {
        guard shadow.baseSequence > 0, let change = try writing.reading.change(at: shadow.baseSequence, of: unit) else {
            return nil
        }
        let live = Given(value: try change.liveJSON(), seen: change.clock)
        if shadow.context.covers(change.clock) { return live }
        var own = change.context
        own.insert(change.dot)
        // Until it was pushed what became of its own edit, that edit is what it held.
        let edit = Given(value: try change.valueJSON(), seen: own)
        guard shadow.context.isEmpty else { return edit }
        // The data set that agreed is gone. What is there now may be a copy from before or after that push.
        return matches(shown, edit.value, unit) && !matches(shown, live.value, unit) ? edit : live
    }

    private func parsed(_ bytes: [UInt8]) throws(StoreError) -> JSON {
        do { return try JSON.parse(bytes) } catch { throw .corrupt("a shadow of \(channel.id): \(error)") }
    }
}
