import Commerce

/// Everything an operator may choose, with the value it has when nothing is said.
///
/// Made once at start and again at each reload; nothing in it changes in between.
/// `deploy/heyi.example.yaml` lists the same keys with the same defaults, and a
/// test holds the two together.
struct Configuration: Hashable, Sendable {
    var store = Store()
    var listen = Listen()
    var log = Log()
    var push = Push()
    var pull = Pull()
    var reconcile = Reconcile()
    var catalog = Catalog()
    var payments = Payments()
    /// How parcels are followed; in force from the next look at each.
    var parcels = TrackingPolicy.standard
    var bills = Bills()
    var limits = Limits()
    var watchdog = Watchdog()
    var shutdown = Shutdown()
    /// Channels the file declares; others may have been added while running.
    var channels: [ChannelConfiguration] = []
    /// Accounts at payment and logistics platforms.
    var gateways: [GatewayConfiguration] = []

    struct Store: Hashable, Sendable {
        /// Holds the database and its backups; under systemd `$STATE_DIRECTORY`.
        var directory = "/var/lib/heyi"
        /// Connections that read beside the one writer.
        var readers = 4
        /// How long an applied callback stays in the inbox, so that its repetition is recognised.
        var inboxKeep = Duration.seconds(30 * 86_400)
        /// How long the mark of a deleted entity is kept at least; longer than any backup.
        var tombstoneKeep = Duration.seconds(180 * 86_400)
    }

    struct Listen: Hashable, Sendable {
        /// Callbacks and the channels' delta endpoints.
        var publicAddress = ListenAddress(host: "127.0.0.1", port: 8470)
        /// Operators: admin API, status page, metrics.
        var adminAddress = ListenAddress(host: "127.0.0.1", port: 8471)
        /// The operator commands' door; under systemd in `$RUNTIME_DIRECTORY`.
        var socket = "/run/heyi/heyi.sock"
        /// Where the outside world reaches the public listener; platforms are told to call back there. nil when nobody shall.
        var publicURL: String?
        /// Declares that a proxy ends TLS before the admin listener; without it that
        /// listener is refused beyond loopback.
        var adminBehindTLS = false
    }

    struct Log: Hashable, Sendable {
        var level = LogLevel.info
        var format = LogFormat.auto
        /// Lines kept in memory for `heyi log`.
        var recentLines = 2_000
    }

    struct Push: Hashable, Sendable {
        /// Deltas in one request, where the channel does not ask for fewer.
        var batch = 200
        /// From first byte sent to last byte received.
        var timeout = Duration.seconds(30)
        /// The first wait before a retry; each next one doubles, with full jitter.
        var retryBase = Duration.seconds(1)
        var retryCap = Duration.seconds(15 * 60)
        /// A delta that was tried in vain for this long is dead and waits for an operator.
        var retryHorizon = Duration.seconds(72 * 3_600)
        /// Retries allowed as a share of a channel's requests.
        var retryShare = 0.1
    }

    struct Pull: Hashable, Sendable {
        /// Time between two looks at a channel that does not call us.
        var every = Duration.seconds(30)
        /// Deltas or items in one page.
        var page = 200
        /// How far a channel without cursors is read again, against its lag and clock.
        var overlap = Duration.seconds(300)
        /// More deletions than this in one look stop the channel until an operator agrees…
        var deletionsMax = 20
        /// …when they are also a greater share of all entities than this.
        var deletionsShareMax = 0.01
    }

    struct Reconcile: Hashable, Sendable {
        /// Time from one complete comparison with a channel to the beginning of the next.
        var every = Duration.seconds(24 * 3_600)
        /// Share of a channel's requests that comparing may take.
        var share = 0.05
        /// How long evidence of drift is kept after it healed.
        var keep = Duration.seconds(90 * 86_400)
    }

    struct Catalog: Hashable, Sendable {
        /// The language of a CSV's texts, where nothing else is said.
        var locale = "zh-CN"
        /// The currency of a CSV's prices, where nothing else is said.
        var currency = "CNY"
    }

    struct Payments: Hashable, Sendable {
        /// Whether operators may pay for buyers at a gateway that takes no money; for shops that are play.
        var trial = false
    }

    struct Bills: Hashable, Sendable {
        /// How long after a day's end, by its gateway's calendar, its bill is looked for first.
        var firstLook = Duration.seconds(36_000)
        /// How long what a gateway lists may be on its way to us before it counts as unknown here.
        var patience = Duration.seconds(21_600)
        /// How many days back bills are looked for when an account is first seen, or was not looked after for long.
        var lookBackDays = 7
    }

    struct Limits: Hashable, Sendable {
        /// Body of one request to us.
        var bodyBytes = 4 << 20
        /// Answer of a channel to one request of ours.
        var answerBytes = 16 << 20
        /// Nesting of JSON.
        var jsonDepth = 32
        /// Deltas in one request to us.
        var deltasPerRequest = 1_000
        /// Requests a second each channel may make on average; twice that in a burst.
        var requestsPerSecond = 50.0
        /// Requests a second each channel may make on average for those who shop there; twice that in a burst.
        var shopRequestsPerSecond = 200.0
        /// Requests a second from one address on the public listener; twice that in a burst.
        var addressRequestsPerSecond = 100.0
        /// Requests a second from one address that delivers platforms' callbacks; twice that in a burst.
        var gatewayRequestsPerSecond = 2_000.0
        /// Proxies whose word is taken for the address a request comes from.
        var trustedProxies: [AddressRange] = []
        /// Open connections on the public listener.
        var connections = 1_024
        /// From first to last byte of a request's body.
        var requestTimeout = Duration.seconds(30)
        /// The longest a long poll may wait.
        var pollWait = Duration.seconds(30)
        /// How far a signature's time may be off, either way.
        var signatureWindow = Duration.seconds(300)
        /// One cell of an imported CSV.
        var cellBytes = 1 << 20
    }

    struct Watchdog: Hashable, Sendable {
        /// Writer and listeners must have answered within this time, or systemd is not told that we live.
        var progressWithin = Duration.seconds(20)
    }

    struct Shutdown: Hashable, Sendable {
        /// How long work in flight may take to end after SIGTERM.
        var drainTimeout = Duration.seconds(20)
    }
}
