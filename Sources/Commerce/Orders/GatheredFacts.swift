/// The facts of one order, each once, in an order that depends on them alone.
struct GatheredFacts {
    /// By when they happened, then by key.
    let facts: [RecordedFact]
    /// Keys under which two different things were told. The earlier one counts, everywhere the same.
    let contradictions: [String]

    init(_ told: some Sequence<RecordedFact>) {
        var chosen: [String: RecordedFact] = [:]
        var contradicted: Set<String> = []
        for fact in told {
            let key = fact.fact.key
            guard let other = chosen[key] else { chosen[key] = fact; continue }
            guard fact != other else { continue }
            if GatheredFacts.differ(fact.fact, other.fact) { contradicted.insert(key) }
            if GatheredFacts.precedes(fact, other) { chosen[key] = fact }
        }
        facts = chosen.sorted { ($0.value.at, $0.key) < ($1.value.at, $1.key) }.map(\.value)
        contradictions = contradicted.sorted()
    }

    private static func differ(_ left: OrderFact, _ right: OrderFact) -> Bool {
        // The buyer and the timer may both say that it was received, and both are right.
        if left.kind == .received { return false }
        return left.body != right.body
    }

    private static func precedes(_ left: RecordedFact, _ right: RecordedFact) -> Bool {
        if left.at != right.at { return left.at < right.at }
        let (mine, other) = (left.fact.body.bytes, right.fact.body.bytes)
        if mine != other { return mine.lexicographicallyPrecedes(other) }
        return ByteOrder.precedes(left.author, right.author)
    }
}
