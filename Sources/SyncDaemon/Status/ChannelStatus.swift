import Commerce

/// How one channel is kept in step.
struct ChannelStatus: Hashable, Sendable {
    enum State: String, Sendable, CaseIterable { case active, paused, halted, retired }
    enum Breaker: String, Sendable, CaseIterable {
        case closed
        case halfOpen = "half_open"
        case open
    }

    var id: ChannelID
    /// `web` or `app`.
    var kind: String
    /// `delta` or `plain`; `visiting` for one that comes to us.
    var transport: String
    var state: State
    /// Why it is halted, in a sentence.
    var reason: String?
    var lagChanges: Int
    /// Age of the oldest change it has not got; zero when in step.
    var lag: Duration
    var lastSuccess: Timestamp?
    /// When a push, or a pull, last went well since the daemon began; nil for a visiting channel.
    var lastPush: Timestamp? = nil
    var lastPull: Timestamp? = nil
    /// The last fault met, without payload; nil when the last exchange went well.
    var lastError: String?
    var inFlight: Int
    var retrying: Int
    var unknown: Int
    var dead: Int
    var conflictsOpen: Int
    var breaker: Breaker
    /// Requests that may go out now; nil when the channel sets no limit.
    var rateBudget: Int?
    /// How the comparison with it goes.
    var reconciliation = ReconciliationStatus()

    /// Nothing is owed to it and nothing is stuck.
    var inStep: Bool { lagChanges == 0 && retrying == 0 && unknown == 0 && dead == 0 && inFlight == 0 }

    var json: JSON {
        [
            "id": .string(id.text), "kind": .string(kind), "transport": .string(transport),
            "state": .string(state.rawValue), "reason": reason.map(JSON.string) ?? .null,
            "lag_changes": .integer(Int64(lagChanges)),
            "lag_seconds": .integer(lag.components.seconds),
            "last_success_at": lastSuccess.map { .integer($0.milliseconds) } ?? .null,
            "last_push_at": lastPush.map { .integer($0.milliseconds) } ?? .null,
            "last_pull_at": lastPull.map { .integer($0.milliseconds) } ?? .null,
            "last_error": lastError.map(JSON.string) ?? .null, "in_flight": .integer(Int64(inFlight)),
            "retrying": .integer(Int64(retrying)), "unknown": .integer(Int64(unknown)), "dead": .integer(Int64(dead)),
            "conflicts_open": .integer(Int64(conflictsOpen)), "breaker": .string(breaker.rawValue),
            "rate_budget": rateBudget.map { .integer(Int64($0)) } ?? .null, "reconciliation": reconciliation.json,
        ]
    }
}
