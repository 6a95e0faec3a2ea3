/// A mistake of orders put in on purpose, so that tests and the simulation can show they would find it.
///
/// As with ``PlantedFault``: the daemon's ``Surroundings`` have none. Each is one shops really made.
package enum OrderFault: String, Hashable, Sendable, CaseIterable {
    /// Goods go back on sale by their time, whether or not somebody may be paying for them.
    case expiresInDoubt = "expires-in-doubt"
    /// A refund is written down without asking what is left to give back.
    case refundsWithoutBound = "refunds-without-bound"
    /// Whatever is refunded goes back on sale.
    case restocksOnRefund = "restocks-on-refund"
    /// Timers live in the process and not in the store.
    case forgetsTimers = "forgets-timers"
}
