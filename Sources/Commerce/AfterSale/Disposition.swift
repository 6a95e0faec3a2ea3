/// What becomes of goods that came back: decided by whoever looked at them, never by the refund.
package enum Disposition: String, CaseIterable, Sendable {
    /// They can be sold again.
    case sellable
    /// They are kept, and not sold.
    case damaged
    /// They never came, or cannot be found.
    case lost
    /// They went on to the supplier.
    case supplier
}
