import Commerce

/// One edit of a channel, read off the wire and sound in form.
///
/// Whether the unit exists and the value obeys its rules is for the desk to say.
struct IncomingDelta: Hashable, Sendable {
    struct Count: Hashable, Sendable {
        /// `role:name:incarnation`.
        let actor: String
        /// 1 up to 2^53 − 1.
        let count: UInt64
    }

    /// Its place in the batch.
    let index: Int
    let entity: EntityRef
    let unit: UnitName
    /// nil for a deletion.
    let value: JSON?
    /// What the author had seen; nil from a channel that keeps no clocks.
    let clock: [Count]?
    /// The write itself; its actor is always the sending channel's own.
    let dot: Count?
    /// When the author says it wrote.
    let stamp: Timestamp?
    let operation: String?
    let version: String?
    let event: String?
}
