/// How hard channels are tried and how much of them is believed at once; the same for all.
package struct FlowSettings: Hashable, Sendable {
    package var retry = RetrySchedule()
    /// Retries allowed as a share of a channel's first tries.
    package var retryShare = 0.1
    /// Items asked for in one pull.
    package var pageMax = 500
    /// Entities that may vanish from a channel in one look before a person is asked…
    package var vanishedMax = 20
    /// …or this share of all, where that is more.
    package var vanishedShareMax = 0.01
    /// How often everything a channel holds is compared; nil for only when asked to.
    package var reconcileEvery: Duration?
    /// Share of a channel's requests that comparing may take.
    package var reconcileShare = 0.05

    package init() {}

    /// Whether so many vanished at once that nothing is believed of it.
    package func isSuspicious(vanished: Int, of total: Int) -> Bool {
        vanished > vanishedMax && Double(vanished) > Double(total) * vanishedShareMax
    }
}
