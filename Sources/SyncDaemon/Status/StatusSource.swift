import Commerce

/// Says how the daemon is; the status page, the CLI and the metrics are its readers.
protocol StatusSource: Sendable {
    /// Rings when a report would say something new, at most a few times a second.
    var news: NewsSignal { get }

    func report() async throws(DeskError) -> StatusReport

    /// Events past a number, oldest first; the newest `limit` when `number` is nil.
    /// Numbers no longer kept are skipped without a word.
    func events(past number: Int64?, limit: Int) async throws(DeskError) -> [StatusEvent]

    /// What happened, newest last: the acts and changes the store keeps, and the events in memory.
    func log(_ order: LogOrder) async throws(DeskError) -> LogPart

    /// What happened past a place. A part that ends at the same place is the last for now; one without
    /// entries that ends further on is not.
    func log(past place: LogPlace, of channel: ChannelID?) async throws(DeskError) -> LogPart

    /// What must hold for requests to be served: store writable, migrations applied.
    /// Channels being away is degradation and never asked for here.
    func readiness() async -> [ReadinessCheck]
}

/// One line of `/readyz?verbose`.
struct ReadinessCheck: Hashable, Sendable {
    let name: String
    /// nil when it holds, otherwise what is wrong in a sentence.
    let fault: String?
}
