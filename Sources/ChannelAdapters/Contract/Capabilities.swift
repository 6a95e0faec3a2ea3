package import Commerce

/// What a channel says it can do; the engine asks this, never a channel's kind.
package struct Capabilities: Hashable, Sendable {
    /// Returns and takes causal tokens; otherwise the hub keeps shadows for it.
    package var keepsClocks: Bool
    /// Refuses a write whose `expecting` is not what it holds.
    package var comparesAndSwaps: Bool
    /// Recognises an operation key it has seen and does not apply it twice.
    package var recognisesKeys: Bool
    /// Families it wants; nil for all.
    package var families: Set<String>?
    /// Deltas in one push, 1 or more.
    package var batchMax: Int
    /// Requests a second it allows; nil when it does not say.
    package var requestsPerSecond: Double?
    /// What it does to values when it stores them, as far as it says.
    package var projection: Projection
    /// Changes whenever the channel's own data set is another one than before.
    package var generation: String?
    /// The actor under which the channel counts its own writes; nil when it does not.
    package var actorName: String?
    /// Answers what a bucket of its listings amounts to, so that only what differs need be read.
    package var digests: Bool
    /// How the quantity it sells a SKU from can be changed; nil for a channel that is told none.
    package var quantities: QuantityCapability?
    /// Takes what becomes of its orders here.
    package var orders: Bool

    package init(
        keepsClocks: Bool, comparesAndSwaps: Bool, recognisesKeys: Bool, families: Set<String>? = nil,
        batchMax: Int, requestsPerSecond: Double? = nil, projection: Projection = Projection(),
        generation: String? = nil, actorName: String? = nil, digests: Bool = false, quantities: QuantityCapability? = nil,
        orders: Bool = false
    ) {
        self.keepsClocks = keepsClocks
        self.comparesAndSwaps = comparesAndSwaps
        self.recognisesKeys = recognisesKeys
        self.families = families
        self.batchMax = batchMax
        self.requestsPerSecond = requestsPerSecond
        self.projection = projection
        self.generation = generation
        self.actorName = actorName
        self.digests = digests
        self.quantities = quantities
        self.orders = orders
    }
}
