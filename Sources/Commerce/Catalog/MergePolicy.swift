/// How concurrent values of one unit become the value that is live.
///
/// The policy is part of the vocabulary because it is a rule of trade: which one a
/// unit has is said in ``UnitCatalog`` alone. `ConflictResolution` carries it out.
///
/// Where no author owns the unit, a deletion made at the same time as an edit loses to
/// it and a person is asked: what was deleted can be deleted again, an edit that is
/// gone cannot be guessed. A set deleted whole is a set emptied.
package enum MergePolicy: Hashable, Sendable {
    /// Only the hub writes; what a channel holds otherwise is drift and is put right.
    case singleOwner
    /// The hub's value is live; a channel's edit waits as a proposal for a person.
    case hubAuthoritative
    /// The greatest by the one total order (stamp, actor, dot) is live.
    case lastWriter
    /// Union of concurrent additions; a removal takes away only what its author had seen.
    /// Elements are told apart by their member `key`, or by themselves when nil.
    case addWinsSet(key: String?)
    /// The greatest integer, found at member `field` or the value itself when nil.
    case highest(field: String?)
    /// The least integer, found at member `field` or the value itself when nil.
    case lowest(field: String?)
    /// Members merge one by one and long text paragraph by paragraph against what
    /// both authors had seen; an overlap is kept for a person.
    case disjointText
    /// The value whose member `field` stands first in `order` is live.
    case mostRestrictive(field: String, order: [String])
    /// Any concurrency waits for a person; meanwhile the hub's value stays live.
    case askPerson
}
