import Commerce

/// The concurrent versions of one unit, none of which has seen another.
///
/// Specialised for the values the store keeps: other modules cannot see inside, and would
/// otherwise look types up at run time for each call.
///
/// A dotted version vector set: `clock` is all that is known, and each version is
/// the single write (``Dot``) that made it plus what its author had seen. A write
/// replaces exactly the versions its author had seen and stands beside the rest,
/// so nothing is lost and nothing is in conflict that need not be. Exact for
/// server-side ids; see Preguiça, Almeida et al., "Dotted Version Vectors", 2012.
package struct Siblings<Value: Hashable & Sendable>: Hashable, Sendable {
    package private(set) var clock: VectorClock
    /// Sorted by dot.
    package private(set) var versions: [Version<Value>]

    @_specialize(where Value == JSON?)
    package init() {
        clock = VectorClock()
        versions = []
    }

    /// Takes up what a store held. Versions not covered by the clock are a caller's bug.
    @_specialize(where Value == JSON?)
    package init(clock: VectorClock, versions: [Version<Value>]) {
        precondition(versions.allSatisfy { clock.covers($0.dot) }, "a version lies outside its own clock")
        self.clock = clock
        self.versions = versions.sorted { $0.dot < $1.dot }
    }

    /// Adds one write made by an author who had seen `version.context`.
    ///
    /// - Returns: false, and nothing changes, when the write is already known.
    @discardableResult
    @_specialize(where Value == JSON?)
    package mutating func update(_ version: Version<Value>) -> Bool {
        guard !clock.covers(version.dot) else { return false }
        if version.context.covers(clock) {
            // Its author had seen all there is, as nearly always.
            versions = [version]
            clock = version.context
            clock.insert(version.dot)
            return true
        }
        versions.removeAll { version.context.covers($0.dot) }
        insert(version)
        clock.join(version.context)
        clock.insert(version.dot)
        return true
    }

    /// Brings together what two holders know: commutative, associative, idempotent.
    @_specialize(where Value == JSON?)
    package mutating func sync(_ other: Siblings) {
        if other.clock.covers(clock), other.versions.allSatisfy({ theirs in !clock.covers(theirs.dot) || holds(theirs.dot) }) {
            self = other
            return
        }
        // A handful on either side: looking through them costs less than a set of them.
        versions.removeAll { mine in
            other.clock.covers(mine.dot) && !other.versions.contains { $0.dot == mine.dot }
        }
        for version in other.versions where !clock.covers(version.dot) { insert(version) }
        clock.join(other.clock)
    }

    private func holds(_ dot: Dot) -> Bool { versions.contains { $0.dot == dot } }

    private mutating func insert(_ version: Version<Value>) {
        let index = versions.firstIndex { version.dot < $0.dot } ?? versions.endIndex
        versions.insert(version, at: index)
    }

    @_specialize(where Value == JSON?)
    package func synced(_ other: Siblings) -> Siblings {
        var result = self
        result.sync(other)
        return result
    }
}

/// One write that is still alive: no other write is known that had seen it.
package struct Version<Value: Hashable & Sendable>: Hashable, Sendable {
    package let dot: Dot
    /// What its author had seen, its own earlier writes included.
    package let context: VectorClock
    package let stamp: Stamp
    package let value: Value

    @_specialize(where Value == JSON?)
    package init(dot: Dot, context: VectorClock, stamp: Stamp, value: Value) {
        self.dot = dot
        self.context = context
        self.stamp = stamp
        self.value = value
    }

    /// The one total order of writes: stamp, then actor, then count. Used on every
    /// path that must choose; never "mine wins", which lets two ends each keep its own.
    package static func precedes(_ left: Version, _ right: Version) -> Bool {
        left.stamp != right.stamp ? left.stamp < right.stamp : left.dot < right.dot
    }
}
