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
        flow.reconcileEvery = reconcile.every
        flow.reconcileShare = reconcile.share
        return flow
    }

    /// The listeners' share.
    var doorLimits: HTTPLimits {
        var limits = HTTPLimits()
        limits.connectionsMax = self.limits.connections
        limits.bodyTime = self.limits.requestTimeout
        limits.batchBytesMax = self.limits.bodyBytes
        limits.jsonDepthMax = self.limits.jsonDepth
        limits.waitMax = self.limits.pollWait
        limits.gatewayRate = Rate(
            perSecond: self.limits.gatewayRequestsPerSecond, burst: self.limits.gatewayRequestsPerSecond * 2)
        limits.trustedProxies = self.limits.trustedProxies
        limits.channelRate = Rate(
            perSecond: self.limits.requestsPerSecond, burst: self.limits.requestsPerSecond * 2)
        limits.shopRate = Rate(
            perSecond: self.limits.shopRequestsPerSecond, burst: self.limits.shopRequestsPerSecond * 2)
        limits.sourceRate = Rate(
            perSecond: self.limits.addressRequestsPerSecond, burst: self.limits.addressRequestsPerSecond * 2)
        return limits
    }

    /// Housekeeping's share.
    var keep: Housekeeping.Keep { 
        Housekeeping.Keep(inbox: store.inboxKeep, tombstones: store.tombstoneKeep, drift: reconcile.keep)
    }
}
