import Commerce

/// The part of a set's history that concurrent versions do not share.
///
/// `floor` is a moment every write above it had seen whole. For what lies below it
/// the one thing that matters is which elements were there, so the history is walked
/// down to the floor and no further; mostly that is no step at all.
struct SetPast {
    /// All that every write above had seen.
    private(set) var floor: VectorClock
    /// The writes each write above the floor was based on, below the floor left out;
    /// nil when that past is gone.
    private var parents: [Dot: [Version<JSON?>]?] = [:]

    /// How many writes are walked before the past counts as gone.
    private static let writesMax = 2_000

    init(of versions: [Version<JSON?>], in history: any UnitHistory) {
        floor = versions.dropFirst().reduce(versions.first?.context ?? VectorClock()) { $0.met($1.context) }
        while !descend(from: versions, in: history) {}
    }

    /// Walks down to the floor; false when the floor turned out to lie deeper.
    private mutating func descend(from versions: [Version<JSON?>], in history: any UnitHistory) -> Bool {
        parents = [:]
        var pending = versions
        while let version = pending.popLast() {
            guard parents[version.dot] == nil else { continue }
            if !version.context.covers(floor) {
                floor = floor.met(version.context)
                return false
            }
            guard version.context != floor else { parents[version.dot] = .some([]); continue }
            guard parents.count < SetPast.writesMax, let known = history.versions(within: version.context) else {
                parents[version.dot] = .some(nil)
                continue
            }
            let above = known.filter { !floor.covers($0.dot) }
            parents[version.dot] = above
            pending += above
        }
        return true
    }

    /// The state after each version, computed upwards from the value at the floor.
    func states(of versions: [Version<JSON?>], by merge: SetMerge, base: JSON?) -> [SetMerge.State] {
        var ground: SetMerge.Elements = [:]
        // One claim stands for all below the floor: every write above saw all of them.
        for (identity, payload) in merge.elements(base) {
            ground[identity] = [SetPast.ground: SetMerge.Claim(payload: payload, stamp: Stamp(raw: 0))]
        }
        var done: [Dot: SetMerge.State] = [:]
        var begun: Set<Dot> = []
        var pending = versions
        while let version = pending.last {
            guard done[version.dot] == nil else { pending.removeLast(); continue }
            let sources = parents[version.dot] ?? nil
            let missing = (sources ?? []).filter { done[$0.dot] == nil && !begun.contains($0.dot) }
            // A write that comes round again can only be a clock that lies; it is not followed.
            if begun.insert(version.dot).inserted, !missing.isEmpty { pending += missing; continue }
            pending.removeLast()
            var before: SetMerge.Elements = [:]
            if let sources {
                before = sources.isEmpty ? ground : SetMerge.joined(sources.compactMap { done[$0.dot] }).elements
            }
            done[version.dot] = merge.state(after: version, before: before)
        }
        return versions.compactMap { done[$0.dot] }
    }

    /// Seen by everybody: the count is zero, and any clock covers that.
    private static let ground = Dot(actor: Actor(high: 0, low: 0), count: 0)
}
