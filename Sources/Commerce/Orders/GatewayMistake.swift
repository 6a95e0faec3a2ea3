/// A mistake that systems have made about gateways, planted to see whether it is found.
package enum GatewayMistake: String, CaseIterable, Sendable {
    /// A callback is answered before it is durable.
    case answersBeforeDurable = "answers-callbacks-before-durable"
    /// What could not be done is answered with status 200 and a word for failure in the body.
    case failsWith200 = "fails-with-200"
    /// The keys of callbacks that came are kept in the process.
    case forgetsKeys = "forgets-callback-keys"
    /// A refund of unknown end is sent again under another number.
    case refundsUnderNewNumber = "refunds-under-new-number"
    /// A second payment of an order is taken for the first, told again.
    case ignoresSecondPayment = "ignores-second-payment"
    /// The amount of a payment is not compared with what was asked for.
    case trustsAmounts = "trusts-amounts"
}
