/// Where an after-sale case stands.
package enum AfterSalePhase: String, CaseIterable, Sendable {
    /// Something is known of it, but not what was asked.
    case expected
    /// The seller is to answer.
    case asked
    /// The buyer is to answer.
    case offered
    /// Agreed; the buyer is to send the goods back.
    case agreed
    /// The goods are on their way back.
    case returning
    /// Money is to go back, or is on its way.
    case refunding
    /// Goods are to go out again.
    case resending
    case declined
    /// Before an arbiter.
    case disputed
    /// An arbiter decided for the seller.
    case dismissed
    case withdrawn
    case settled

    package var isOpen: Bool {
        switch self {
        case .declined, .dismissed, .withdrawn, .settled: false
        default: true
        }
    }
}
