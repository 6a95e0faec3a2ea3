/// Works out what has become of an order from the set of its facts.
///
/// In whatever order they came and however often they were told, the state is the same;
/// so two ends that have heard the same agree, and a fact that comes late needs no repair.
/// It takes every set there is: whether something *should* have happened is asked
/// before a fact is written, see ``OrderState/admit(_:)``, and what did all the same is a ``OrderProblem``.
package enum OrderFold {
    package static func state(of facts: some Sequence<RecordedFact>) -> OrderState {
        var folding = OrderFolding(GatheredFacts(facts))
        folding.trade()
        folding.movePieces()
        folding.moveMoney()
        folding.settleCases()
        folding.conclude()
        return folding.state
    }
}

/// An order's state while it is being worked out.
///
/// Each step reads all facts of its kinds, so nothing depends on which of two kinds came first.
struct OrderFolding {
    let facts: [RecordedFact]
    let keys: Set<String>
    var state = OrderState()

    init(_ gathered: GatheredFacts) {
        facts = gathered.facts
        keys = Set(facts.map(\.fact.key))
        state.timeline = facts
        state.problems = gathered.contradictions.map { .contradiction(key: $0) }
    }

    /// Notes that a fact speaks of another that was not told.
    mutating func expect(_ other: String, for fact: RecordedFact) {
        if !keys.contains(other) { state.problems.append(.waits(key: fact.fact.key, for: other)) }
    }

    /// - Returns: the line's index, or nil and a problem noted when it was not ordered.
    mutating func index(of line: Int, for fact: OrderFact) -> Int? {
        if state.lines.indices.contains(line - 1) { return line - 1 }
        // Before the order itself is known every line is unknown, and that is one problem, not many.
        if state.placed != nil { state.problems.append(.noSuchLine(key: fact.key, line: line)) }
        return nil
    }
}
