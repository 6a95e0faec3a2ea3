/// Speaks one channel's own language, and does nothing else.
///
/// An adapter maps and sends. It never retries, waits, logs, limits or decides:
/// the engine does, because it alone sees every channel's limits. It cannot name a
/// clock either: where a channel keeps causality, the adapter carries it through as
/// an opaque ``CausalToken``.
package protocol ChannelAdapter: Sendable {
    /// Asks the channel what it takes. Cheap; called at connect and after each resync.
    func capabilities() async throws(ChannelError) -> Capabilities

    /// Sends deltas and returns what became of each.
    ///
    /// Safe to call again with the same keys. Deltas of one entity are in order.
    ///
    /// - Returns: One outcome for each delta, in the order sent.
    /// - Throws: ``ChannelError`` when nothing is known of any single delta.
    func push(_ batch: PushBatch) async throws(ChannelError) -> PushAnswer

    /// Reads what changed at the channel after a cursor, oldest first.
    ///
    /// - Parameter cursor: From the page before; nil starts at the beginning.
    func pull(after cursor: PullCursor?, limit: Int) async throws(ChannelError) -> PullPage

    /// Reads what the channel holds of some entities now. An entity it does not have
    /// comes back as one observation whose content is `.absent` and whose unit is nil.
    func read(_ entities: [RemoteRef]) async throws(ChannelError) -> [Observation]

    /// Lists everything the channel holds, page by page, for resync and reconciliation.
    func enumerate(after position: String?, limit: Int) async throws(ChannelError) -> EnumerationPage

    /// Asks what the channel holds in some buckets without transferring it. Only asked of
    /// channels whose ``Capabilities/digests`` says so.
    ///
    /// - Parameter families: what counts of each listing; nil for everything.
    func digests(of buckets: [DigestBucket], families: Set<String>?) async throws(ChannelError) -> DigestPage

    /// Changes what SKUs are sold from, each once for its key. Only asked of channels whose
    /// ``Capabilities/quantities`` says how.
    ///
    /// - Parameter generation: the store's.
    /// - Returns: One outcome for each order, in the order sent.
    func put(_ orders: [QuantityOrder], generation: String) async throws(ChannelError) -> [QuantityOutcome]

    /// Reads what SKUs are sold from; those it does not list are left out.
    func readQuantities(of skus: [RemoteRef]) async throws(ChannelError) -> [RemoteRef: Int64]

    /// Tells the channel how its orders stand; the same version again changes nothing there. Only asked of
    /// channels whose ``Capabilities/orders`` says so.
    ///
    /// - Returns: why it refused one, for each order in the order sent; nil for those it took.
    func tell(_ orders: [OrderStanding], generation: String) async throws(ChannelError) -> [String?]
}

extension ChannelAdapter {
    package func digests(of buckets: [DigestBucket], families: Set<String>?) async throws(ChannelError) -> DigestPage {
        throw .rejected(field: "digests", reason: "this channel keeps none")
    }
}
