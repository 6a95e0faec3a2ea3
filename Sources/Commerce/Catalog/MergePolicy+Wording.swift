extension MergePolicy {
    /// The rule in a word or two, as tables and commands show it.
    package var word: String {
        switch self {
        case .singleOwner: "single owner"
        case .hubAuthoritative: "hub decides"
        case .lastWriter: "last writer"
        case .addWinsSet: "add-wins set"
        case .highest: "highest"
        case .lowest: "lowest"
        case .disjointText: "disjoint text"
        case .mostRestrictive: "most restrictive"
        case .askPerson: "ask a person"
        }
    }

    /// What a shop sees when two ends write at once, in one sentence.
    package var outcome: String {
        switch self {
        case .singleOwner: "The hub's value stands; a channel's is overruled."
        case .hubAuthoritative: "The hub's value stands; a channel's waits as a proposal."
        case .lastWriter: "The latest write stands, by time, then author; the others are overruled."
        case .addWinsSet(let key):
            "All additions stand; a removal takes only what its author had seen"
                + (key.map { "; told apart by `\($0)`." } ?? ".")
        case .highest(let field): "The greatest \(field.map { "`\($0)`" } ?? "number") stands."
        case .lowest(let field): "The least \(field.map { "`\($0)`" } ?? "number") stands."
        case .disjointText: "Edits of different members or paragraphs all stand; an overlap asks a person."
        case .mostRestrictive(let field, let order):
            "The most restrictive `\(field)` stands: \(order.joined(separator: ", then "))."
        case .askPerson: "The hub's value stands until a person chooses."
        }
    }

    /// Whether only the hub decides what is live, so that a channel's write, even one that
    /// had seen everything, must not replace the hub's.
    package var isHubs: Bool {
        switch self {
        case .singleOwner, .hubAuthoritative: true
        case .lastWriter, .addWinsSet, .highest, .lowest, .disjointText, .mostRestrictive, .askPerson: false
        }
    }
}
