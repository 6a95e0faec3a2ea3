extension Version {
    /// The greatest count any actor reaches; peers that read numbers as doubles stay exact.
    package static var countMax: UInt64 { 9_007_199_254_740_991 }

    /// What makes this write's clock one no honest author can have; nil when nothing does.
    ///
    /// To be asked of whatever came from outside before it reaches ``Siblings/update(_:)``,
    /// because a clock that has seen what was never written would make those writes,
    /// once they come, look old.
    package func fault(at known: VectorClock) -> String? {
        guard dot.count > 0, dot.count <= Self.countMax else { return "counts start at 1 and end at \(Self.countMax)" }
        guard !context.covers(dot) else { return "the clock has already seen the write it comes with" }
        guard context[dot.actor] == dot.count - 1 else {
            return "the clock has seen \(context[dot.actor]) of its author's writes, and this is number \(dot.count)"
        }
        for entry in context.entries where entry.actor != dot.actor && entry.count > known[entry.actor] {
            return "the clock has seen \(entry.count) writes of another actor, of which only \(known[entry.actor]) were made"
        }
        return nil
    }
}
