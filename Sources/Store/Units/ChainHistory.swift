import Commerce
import ConflictResolution

/// A unit's past as the resolver asks for it, read along the chain of its changes.
struct ChainHistory: UnitHistory {
    let reading: Reading
    let entity: EntityRef
    /// Where the chain begins, nil when the unit is new.
    let head: Int64?
    /// The write being taken up, which is not in the chain yet.
    let newest: Version<JSON?>

    /// How far back a question may lead before the answer is "not known any more".
    private static let stepsMax = 1_000

    func versions(within clock: VectorClock) -> [Version<JSON?>]? {
        var found: [Version<JSON?>] = clock.covers(newest.dot) ? [newest] : []
        var next = head
        var steps = 0
        while let sequence = next {
            steps += 1
            guard steps <= ChainHistory.stepsMax else { return nil }
            guard let change = read(sequence) else { return nil }
            if clock.covers(change.dot), !found.contains(where: { $0.context.covers(change.dot) }) {
                guard let value = value(of: change) else { return nil }
                found.append(Version(dot: change.dot, context: change.context, stamp: change.stamp, value: value))
            }
            // A change that had seen everything before it closes the question.
            if clock.covers(change.clock), closes(change) { break }
            next = change.previous
        }
        return found
    }

    private func closes(_ change: Change) -> Bool {
        var seen = change.context
        seen.insert(change.dot)
        return seen.covers(change.clock)
    }

    private func read(_ sequence: Int64) -> Change? {
        do throws(StoreError) { return try reading.change(sequence, entity: entity) } catch { return nil }
    }

    private func value(of change: Change) -> JSON?? {
        do throws(StoreError) { return .some(try change.valueJSON()) } catch { return nil }
    }
}
