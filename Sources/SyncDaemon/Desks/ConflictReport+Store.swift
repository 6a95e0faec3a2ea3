import Commerce
import ConflictResolution
import Store

extension ConflictReport {
    /// A conflict with its sides as they stood before it was resolved.
    init(_ conflict: Conflict, _ reading: Reading) throws(StoreError) {
        let unit = conflict.unit
        let last: Change?
        if let closing = conflict.resolved {
            let decided = try reading.change(at: closing.sequence, of: unit)
            last = try decided?.previous.flatMap { sequence throws(StoreError) in
                try reading.change(at: sequence, of: unit)
            }
        } else {
            last = try reading.head(unit)
        }
        let versions = try last.map { last throws(StoreError) in try reading.living(at: last) } ?? []
        let live = try last?.liveJSON()
        var sides: [Side] = []
        for version in versions {
            let value = try version.valueJSON()
            let isLive = value == live && !sides.contains { $0.isLive }
            sides.append(Side(author: version.author, at: version.at, value: value, isLive: isLive))
        }
        var resolution: Resolution?
        if let closing = conflict.resolved {
            resolution = Resolution(
                by: closing.by, at: closing.at, reason: closing.reason ?? "",
                value: try reading.value(at: closing.sequence, of: unit))
        }
        self.init(
            id: conflict.number, state: conflict.resolved == nil ? .open : .resolved, entity: unit.entity,
            unit: unit.unit, policy: unit.policy?.word ?? "unknown", opened: conflict.openedAt,
            base: try ConflictReport.base(of: versions, unit, reading), sides: sides, resolution: resolution)
    }

    /// What all sides had seen, where they had seen anything in common.
    private static func base(
        of versions: [Change], _ unit: UnitRef, _ reading: Reading
    ) throws(StoreError) -> JSON? {
        guard versions.count > 1, let first = versions.first else { return nil }
        return try reading.base(of: unit, at: versions.dropFirst().reduce(first.context) { $0.met($1.context) })
    }
}

extension Reading {
    /// How far back versions are looked for.
    private static let stepsMax = 1_000

    /// The versions of a unit none of which any other had seen, when `last` was its newest change; by dot.
    func living(at last: Change) throws(StoreError) -> [Change] {
        var living: [Change] = []
        var seen = VectorClock()
        var next: Change? = last
        var steps = 0
        while let change = next, steps < Reading.stepsMax {
            steps += 1
            if !seen.covers(change.dot) { living.append(change) }
            seen.join(change.context)
            var known = seen
            known.insert(change.dot)
            guard !known.covers(change.clock), let previous = change.previous else { break }
            next = try self.change(at: previous, of: change.unit)
        }
        return living.sorted { $0.dot < $1.dot }
    }
}

extension UnitRef {
    /// The rule that merges the unit; nil when the program does not know the unit any more.
    var policy: MergePolicy? {
        do throws(ValidationFailure) { return try UnitCatalog.definition(entity.kind, unit).policy } catch { return nil }
    }
}
