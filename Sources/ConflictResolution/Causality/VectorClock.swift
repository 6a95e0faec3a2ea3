/// Counts, per actor, how many writes its holder has seen.
///
/// If one clock has seen all the other has and more, the other is merely old. If
/// each has seen a write the other has not, neither is old and whoever asked holds
/// a conflict. An actor a clock does not mention counts as zero, so clocks written
/// before a channel was connected still compare correctly.
package struct VectorClock: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package let actor: Actor
        package let count: UInt64

        package init(actor: Actor, count: UInt64) {
            self.actor = actor
            self.count = count
        }
    }

    /// Sorted by actor, no zero counts: equal clocks have equal entries.
    package private(set) var entries: [Entry]

    package init() { entries = [] }

    /// Takes the greater count where an actor is named twice.
    package init(_ entries: some Sequence<Entry>) {
        self.entries = []
        for entry in entries { raise(entry.actor, to: entry.count) }
    }

    package var isEmpty: Bool { entries.isEmpty }

    package subscript(actor: Actor) -> UInt64 {
        // Clocks have a handful of entries; a scan beats a search.
        entries.withUnsafeBufferPointer { ours in
            for index in ours.indices where ours[index].actor == actor { return ours[index].count }
            return 0
        }
    }

    package func covers(_ dot: Dot) -> Bool { self[dot.actor] >= dot.count }

    /// Whether this clock has seen everything `other` has.
    package func covers(_ other: VectorClock) -> Bool {
        guard other.entries.count <= entries.count else { return false }
        return entries.withUnsafeBufferPointer { ours in
            other.entries.withUnsafeBufferPointer { theirs in
                // Mostly one is a copy of the other, or was a write ago.
                if ours.baseAddress == theirs.baseAddress { return true }
                var index = 0
                for place in theirs.indices {
                    let wanted = theirs[place]
                    while index < ours.count, ours[index].actor != wanted.actor { index += 1 }
                    guard index < ours.count, ours[index].count >= wanted.count else { return false }
                    index += 1
                }
                return true
            }
        }
    }

    /// Says how two histories relate, and never picks a winner.
    package func compare(_ other: VectorClock) -> Causality {
        switch (covers(other), other.covers(self)) {
        case (true, true): .equal
        case (true, false): .after
        case (false, true): .before
        case (false, false): .concurrent
        }
    }

    /// Makes sure the clock has seen `count` writes of `actor`.
    package mutating func raise(_ actor: Actor, to count: UInt64) {
        guard count > 0 else { return }
        let index = position(of: actor)
        if index < entries.count, entries[index].actor == actor {
            if entries[index].count < count { entries[index] = Entry(actor: actor, count: count) }
        } else {
            entries.insert(Entry(actor: actor, count: count), at: index)
        }
    }

    package mutating func insert(_ dot: Dot) { raise(dot.actor, to: dot.count) }

    package mutating func join(_ other: VectorClock) {
        if entries.isEmpty { entries = other.entries; return }
        // Mostly there is nothing to learn, and then nothing is copied.
        if covers(other) { return }
        if other.covers(self) { entries = other.entries; return }
        for entry in other.entries { raise(entry.actor, to: entry.count) }
    }

    /// All that either has seen.
    package func joined(_ other: VectorClock) -> VectorClock {
        var result = self
        result.join(other)
        return result
    }

    /// What both have seen: the point up to which two histories certainly agree.
    package func met(_ other: VectorClock) -> VectorClock {
        var result = VectorClock()
        for entry in entries { result.raise(entry.actor, to: min(entry.count, other[entry.actor])) }
        return result
    }

    /// The write that would come next from `actor`.
    package func next(_ actor: Actor) -> Dot { Dot(actor: actor, count: self[actor] + 1) }

    private func position(of actor: Actor) -> Int {
        // Clocks have a handful of entries; a scan beats a search.
        entries.withUnsafeBufferPointer { entries in
            var index = 0
            while index < entries.count, entries[index].actor < actor { index += 1 }
            return index
        }
    }
}

/// How one history relates to another.
package enum Causality: Sendable { case equal, before, after, concurrent }

/// One single write: the `count`-th of `actor` to its unit, counting from 1.
package struct Dot: Hashable, Comparable, Sendable {
    package let actor: Actor
    package let count: UInt64

    package init(actor: Actor, count: UInt64) {
        self.actor = actor
        self.count = count
    }

    package static func < (left: Dot, right: Dot) -> Bool {
        left.actor != right.actor ? left.actor < right.actor : left.count < right.count
    }
}
