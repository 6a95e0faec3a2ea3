import Commerce
import ConflictResolution
import Store

/// What the oracle makes of the store's claims.
extension Oracle {
    /// A write may only replace what its author had really seen.
    func judge(_ change: Change, seen: EventSet, _ reading: Reading) {
        for other in (hub[change.unit] ?? EventSet()).events where !seen.contains(other) {
            // A scribe only spells out what somebody else wrote.
            guard let dot = dot(of: other, reading), change.context.covers(dot),
                reading.identity(of: dot.actor)?.role != .scribe
            else { continue }
            violations.append(
                .lostEdit(
                    "\(change.unit) change \(change.sequence) by \(change.author) replaces \(events[other].name ?? "-"), which its author had not seen"))
        }
    }

    private func dot(of event: Int, _ reading: Reading) -> Dot? {
        guard let parts = events[event].name?.split(separator: " "), parts.count == 3, let count = UInt64(parts[2]),
            let identity = ActorIdentity(String(parts[1]))
        else { return nil }
        return Dot(actor: identity.actor, count: count)
    }

    /// When all is quiet: every write nobody replaced is alive, and none was left unheard.
    func conclude(_ reading: Reading, units: [UnitRef]) throws(StoreError) -> [Violation] {
        var found: [Violation] = []
        for unit in units {
            guard let held = hub[unit], let view = try reading.view(unit) else { continue }
            let living = view.versions.map(\.dot)
            let recorded = held.events.filter { events[$0].name != nil }
            for event in recorded where !recorded.contains(where: { $0 != event && pasts[$0].contains(event) }) {
                guard let dot = dot(of: event, reading), !living.contains(dot) else { continue }
                found.append(.lostEdit("\(unit): write \(event) was replaced by nobody and is not alive"))
            }
            found += try wrongWinner(unit, view)
        }
        for (name, event) in unheard.sorted(by: { $0.key < $1.key }) where units.contains(events[event].unit) {
            // Whoever wrote again before he was heard is heard with his last word alone.
            let held = hub[events[event].unit] ?? EventSet()
            if held.contains(event) { continue }
            found.append(.lostEdit("\(name) was written at a channel and never taken up"))
        }
        return found
    }

    /// Where the last writer wins, the last writer has won.
    private func wrongWinner(_ unit: UnitRef, _ view: UnitView) throws(StoreError) -> [Violation] {
        guard unit.unit.family == "brand" || unit.unit.family == "place" else { return [] }
        let written = view.versions.filter { $0.value != nil }
        guard let last = written.max(by: { $0.stamp < $1.stamp }), written.filter({ $0.stamp == last.stamp }).count == 1,
            view.head.live != last.value
        else { return [] }
        return [.wrongWinner("\(unit): the last of \(written.count) concurrent writes did not win")]
    }
}
