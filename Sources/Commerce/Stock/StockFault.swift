/// A mistake of stock put in on purpose, so that tests and the simulation can show they would find it.
///
/// As with ``PlantedFault``: the daemon's ``Surroundings`` have none. Each is one shops really made.
package enum StockFault: String, Hashable, Sendable, CaseIterable {
    /// What there is is looked at in one transaction and taken in another.
    case looksThenTakes = "looks-then-takes"
    /// Each line of an order is looked at by itself.
    case looksLineByLine = "looks-line-by-line"
    /// The pool gets what a channel is asked to give back before the channel has confirmed it.
    case creditsEarly = "credits-early"
}
