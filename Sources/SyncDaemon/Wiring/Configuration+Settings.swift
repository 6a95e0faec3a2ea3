import SyncEngine

extension Configuration {
    /// The engine's share of the configuration.
    var flow: FlowSettings {
        var flow = FlowSettings()
        flow.retry = RetrySchedule(base: push.retryBase, cap: push.retryCap, horizon: push.retryHorizon)
        flow.retryShare = push.retryShare
        flow.pageMax = pull.page
        flow.vanishedMax = pull.deletionsMax
        flow.vanishedShareMax = pull.deletionsShareMax
        return flow
    }

    /// Housekeeping's share.
    var keep: Housekeeping.Keep { Housekeeping.Keep(inbox: store.inboxKeep, tombstones: store.tombstoneKeep) }
}
