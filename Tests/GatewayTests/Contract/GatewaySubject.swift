import ChannelAdapters
import ChannelSimulators
import Commerce
import Simulation
import TestKit
import Testing

/// One payment gateway before its platform, as the contract's suite needs it.
///
/// A gateway joins by an extension with a function that makes its subject, and one line in ``GatewayContractTests``.
struct GatewaySubject: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// A platform without a past, and an account there; each call makes a new one.
    let make: @Sendable () throws -> Stage

    struct Stage: Sendable {
        let gateway: any PaymentGateway
        let simulator: any GatewaySimulator
        let time: ManualTime
        /// Terms under which an attempt can be opened.
        let terms: PaymentTerms
        /// Has the payer pay what was opened under a number.
        let pay: @Sendable (_ number: String) throws -> Void
        /// What the platform's own books say was captured under a number, and how much of it went back.
        let books: @Sendable (_ number: String) throws -> Books
    }

    struct Books: Hashable, Sendable {
        let captured: Int64
        let refunded: Int64
        /// How many refunds had an effect.
        let refunds: Int
    }
}
