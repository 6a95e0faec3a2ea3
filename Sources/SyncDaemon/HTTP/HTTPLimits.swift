import Commerce

/// How much one listener takes, before anything else about a request is looked at.
///
/// The classes of work have places of their own, so that operators' screens and open
/// event streams can never use up what gateways need to deliver their callbacks.
struct HTTPLimits: Sendable {
    /// Connections at once on one listener; further ones wait in the backlog.
    var connectionsMax = 1_024
    /// All header fields together, and how many of them.
    var headerBytesMax = 16 * 1_024
    var headerCountMax = 100
    /// A connection that sends nothing for this long is closed; bounds a slow header too.
    var idle: Duration = .seconds(30)
    /// From the first to the last byte of a body; of an import, how long nothing of it may come.
    var bodyTime: Duration = .seconds(30)
    /// A JSON body of the admin API.
    var bodyBytesMax = 1 << 20
    /// A batch of deltas from a channel.
    var batchBytesMax = 4 << 20
    /// A callback.
    var callbackBytesMax = 256 << 10
    /// A file to import.
    var importBytesMax = 4 << 30
    var jsonDepthMax = 32

    /// Requests a second from one address, and how many may come at once.
    var sourceRate = Rate(perSecond: 100, burst: 200)
    /// The same for addresses that platforms' callbacks come from.
    var gatewayRate = Rate(perSecond: 2_000, burst: 4_000)
    /// Verified requests a second of one channel.
    var channelRate = Rate(perSecond: 50, burst: 100)
    /// Verified requests a second that one channel makes for those who shop there.
    var shopRate = Rate(perSecond: 200, burst: 400)
    /// Addresses remembered at once; the least recently seen is forgotten first.
    var sourcesMax = 10_000

    /// Requests of each class worked on at once.
    var places: [CapacityClass: Int] = [.callback: 256, .exchange: 128, .shop: 128, .operators: 32, .stream: 128]
    /// Longest a channel may wait for news in one request.
    var waitMax: Duration = .seconds(60)
    /// Between two signs of life on an event stream.
    var heartbeat: Duration = .seconds(15)
    /// How long a connection without a request is left open when the daemon stops; a request may be on its way.
    var farewell: Duration = .seconds(1)
    /// Whose `X-Forwarded-For` is believed: our own proxies, and nobody else.
    var trustedProxies: [AddressRange] = []
}

/// A steady rate and how far above it a short burst may go.
struct Rate: Hashable, Sendable {
    let perSecond: Double
    let burst: Double
}

/// The kinds of work that have places of their own.
enum CapacityClass: String, CaseIterable, Sendable {
    /// Gateways' callbacks.
    case callback
    /// Channels' own reads and writes.
    case exchange
    /// What is asked for people who shop.
    case shop
    /// The admin API, the page, metrics.
    case operators
    /// Whatever stays open: event streams, long polls, imports.
    case stream
}
