import Commerce

extension StripeBooks {
    mutating func makeRefund(_ parameters: StripeParameters, key: String?) -> StripeAnswer {
        guard let name = parameters["payment_intent"] ?? parameters["charge"] else {
            return .invalid("One of the following params should be provided: payment_intent or charge.")
        }
        guard let index = charges.lastIndex(where: { $0.intent == name || $0.id == name }) else { return StripeBooks.missing(name) }
        let amount = parameters.number("amount") ?? charges[index].amount - charges[index].refunded
        guard amount > 0 else { return .invalid("Invalid positive integer", param: "amount") }
        if falls(dials.refuseRefunds) {
            return .failed(400, "invalid_request_error", "You have insufficient funds in your balance for this refund.", code: "balance_insufficient")
        }
        guard charges[index].refunded < charges[index].amount else {
            return .failed(400, "invalid_request_error", "Charge has already been refunded.", code: "charge_already_refunded")
        }
        guard amount <= charges[index].amount - charges[index].refunded else {
            return .failed(400, "invalid_request_error", "Refund amount is greater than unrefunded amount on charge.")
        }
        let made = refund(index, amount, metadata: parameters.members("metadata"), key: key)
        return .done(render(made))
    }

    @discardableResult
    mutating func refund(_ index: Int, _ amount: Int64, metadata: [String: String], key: String?) -> StripeRefund {
        let charge = charges[index]
        let due = dials.refundTakes > .zero ? now + dials.refundTakes : nil
        let made = StripeRefund(
            id: id("re"), intent: charge.intent, charge: charge.id, amount: amount, currency: charge.currency, created: seconds, metadata: metadata,
            key: key, status: due == nil ? "succeeded" : "pending", due: due)
        refunds.append(made)
        charges[index].refunded += amount
        enter("refund", -amount, fee: 0, charge.currency, source: made.id)
        count("refunded", made.number ?? made.id)
        tell("refund.created", render(made), key: key)
        tell("charge.refunded", render(charges[index]), key: key)
        return made
    }

    mutating func settle(_ index: Int) {
        refunds[index].status = "succeeded"
        refunds[index].due = nil
        tell("refund.updated", render(refunds[index]))
    }

    /// The buyer's bank sends the money back.
    mutating func failRefund(_ index: Int) {
        refunds[index].status = "failed"
        refunds[index].due = nil
        let refund = refunds[index]
        if let place = charges.firstIndex(where: { $0.id == refund.charge }) { charges[place].refunded -= refund.amount }
        enter("refund_failure", refund.amount, fee: 0, refund.currency, source: refund.id)
        tell("refund.failed", render(refund))
    }

    mutating func openDispute(_ index: Int, reason: String) -> StripeDispute {
        let charge = charges[index]
        let dispute = StripeDispute(
            id: id("du"), intent: charge.intent, charge: charge.id, amount: charge.amount, currency: charge.currency, created: seconds, reason: reason)
        disputes.append(dispute)
        charges[index].isDisputed = true
        enter("adjustment", -charge.amount, fee: 1_500, charge.currency, source: dispute.id)
        tell("charge.dispute.created", render(dispute))
        tell("charge.dispute.funds_withdrawn", render(dispute))
        return dispute
    }

    mutating func endDispute(_ index: Int, status: String) {
        disputes[index].status = status
        let dispute = disputes[index]
        if status != "lost" {
            enter("adjustment", dispute.amount, fee: 0, dispute.currency, source: dispute.id)
            tell("charge.dispute.funds_reinstated", render(dispute))
        }
        tell("charge.dispute.closed", render(dispute))
    }
}
