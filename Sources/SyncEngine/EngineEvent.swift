package import Commerce
package import ConflictResolution
package import Store

/// Everything the engine decided or met, one case each.
///
/// Log lines, metrics, the live console and test waits all subscribe to these and to
/// nothing else.
package enum EngineEvent: Sendable {
    case connected(ChannelID, keepsClocks: Bool)
    case pushed(ChannelID, units: Int, through: Int64)
    case pushFailed(ChannelID, units: Int, error: String, retryAt: Timestamp?)
    case throttled(ChannelID, wait: Duration)
    case outcomeUnknown(ChannelID, units: Int, error: String)
    case readBack(ChannelID, landed: Int, lost: Int)
    case deadLettered(ChannelID, UnitRef, field: String, reason: String)
    case pulled(ChannelID, observations: Int, applied: Int)
    case pullFailed(ChannelID, error: String, retryAt: Timestamp?)
    case pullFault(ChannelID, item: String, field: String, reason: String)
    case observed(ChannelID, UnitRef, sequence: Int64, prevailed: Bool)
    case conflict(UnitRef, Resolution.Question)
    case refused(ChannelID, item: String, field: String, reason: String)
    case breaker(ChannelID, BreakerState)
    case halted(ChannelID, reason: String)
    case observing(ChannelID, pages: Int, done: Bool)
    /// A place where a channel showed something other than it should.
    case drifted(ChannelID, listing: String, unit: UnitName?, DriftClass, DriftRemedy)
    case reconciled(ChannelID, RoundFigures)
    case reconcileFailed(ChannelID, error: String)
    case inboxApplied(ChannelID, item: Int64)
    case inboxFailed(ChannelID, item: Int64, error: String, dead: Bool)
    /// What there is to sell was told, and confirmed.
    case quantitiesTold(ChannelID, skus: Int)
    case quantityRefused(ChannelID, EntityRef, reason: String)
    /// A channel has sold beyond its right.
    case breached(ChannelID, EntityRef, order: String, units: Int64, owed: Int64)
    /// How so many of its orders stand was told, and taken.
    case ordersTold(ChannelID, orders: Int)
    case orderRefused(ChannelID, order: String, reason: String)
    case storeFailed(String)
}

/// Where events go: many listeners, called in order, on the thread that had the event.
package final class EventHub: Sendable {
    private let listeners: Guarded<[@Sendable (EngineEvent) -> Void]> = Guarded([])

    package init() {}

    /// Adds a listener, which must return quickly.
    package func listen(_ listener: @escaping @Sendable (EngineEvent) -> Void) {
        listeners.update { $0.append(listener) }
    }

    package func emit(_ event: EngineEvent) {
        for listener in listeners.value { listener(event) }
    }
}
