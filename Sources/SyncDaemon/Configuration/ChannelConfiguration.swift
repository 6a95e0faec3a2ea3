import Commerce

/// How one channel is spoken to; one entry of `channels`.
struct ChannelConfiguration: Hashable, Sendable {
    enum Kind: String, CaseIterable, Sendable { case web, app }

    enum Dialect: String, CaseIterable, Sendable {
        /// The delta protocol of `docs/protocol.md`.
        case delta
        /// A simple REST backend that knows no clocks.
        case plain
    }

    /// What a deletion at the channel means.
    enum Deletes: String, CaseIterable, Sendable {
        /// Drift: the entity is pushed again.
        case ignore
        /// A proposal that an operator decides.
        case propose
    }

    /// How those who shop there are shown what there is.
    enum StockShown: String, CaseIterable, Sendable {
        case numbers
        /// Only that there is something, little or nothing.
        case words
    }

    let id: ChannelID
    var kind: Kind
    var dialect = Dialect.delta
    /// Where we call the channel; nil when it only calls us.
    var endpoint: String?
    /// The first signs, all verify: that is how a secret is rotated.
    var secrets: [SecretReference] = []
    /// Overrides `pull.every`.
    var pullEvery: Duration?
    /// Whether changes are sent to it at all.
    var push = true
    /// Families of units it takes; nil for all.
    var units: [String]?
    /// What it does to values, as far as it does not say so itself.
    var projection = Projection()
    /// Families of units whose edits there need nobody's consent.
    var ownerOf: [String] = []
    /// Whether it may create entities.
    var creates = false
    var deletes = Deletes.propose
    /// Requests a second; nil for what the channel says.
    var rate: Double?
    /// Overrides `push.batch`.
    var batch: Int?
    /// Overrides `push.timeout`.
    var timeout: Duration?
    var stockShown = StockShown.numbers
    /// Whether its address may be private or loopback, and plain `http`.
    var allowPrivateAddresses = false

    init(id: ChannelID, kind: Kind) {
        self.id = id
        self.kind = kind
    }
}
