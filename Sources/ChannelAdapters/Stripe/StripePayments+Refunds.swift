import Commerce

extension StripePayments {
    /// Looks for the refund among the payment's own before it is sent, so that it is there once however long ago that was.
    ///
    /// A refund that failed is not made anew: the bank will not take it, and somebody has to find another way.
    func refund(_ refund: Refund, of order: String) async -> RefundNews {
        let number = refund.numberAtGateway(ofOrder: order)
        let payment = refund.payment.transaction
        guard StripeObject.isID(payment) else { return .refused("\"\(StripeWords.plain(payment, max: 40))\" is no payment of Stripe's") }
        let name = payment.hasPrefix("pi_") ? "payment_intent" : "charge"
        do {
            let amount = try account.amounts.wire(refund.amount)
            if let found = try await find(refundNumbered: number, of: payment, as: name) {
                guard found["amount"].integer == amount else { return .unknown("Stripe holds a refund of another amount under this number") }
                return try RefundNews(stripe: found)
            }
            let form = StripeForm([
                (name, .text(payment)), ("amount", .number(amount)),
                ("metadata", .members([(StripeObject.numberName, .text(number))])),
            ])
            return try RefundNews(stripe: try await send(form, number))
        } catch let fault as StripeFault {
            switch fault.kind {
            case .refused, .missing, .otherState: return .refused(fault.words)
            case .keyTaken, .barred, .unknown: return .unknown(fault.words)
            }
        } catch let failure as ValidationFailure {
            return failure.field == "amount" || failure.field == "currency" ? .refused(failure.description) : .unknown("Stripe's answer cannot be read: \(failure)")
        } catch {
            return .unknown("\(error)")
        }
    }

    /// A refusal that Stripe saved stands for a day under its key, though there may be money again long before. It certainly
    /// moved nothing, so the next try has a key that follows from it: whoever tries again comes to the same one.
    private func send(_ form: StripeForm, _ number: String) async throws(StripeFault) -> StripeObject {
        var key = StripePlan.key(number)
        for _ in 0..<StripePayments.refusalsMax {
            do throws(StripeFault) {
                let answer = try await exchange.post("/refunds", form, key: key)
                guard answer.isReplayed, let id = answer.object["id"].string, StripeObject.isID(id) else { return answer.object }
                return try await exchange.get("/refunds/\(id)")
            } catch {
                guard error.kind == .refused, let first = error.replayOf else { throw error }
                key = "\(StripePlan.key(number))/\(first)"
            }
        }
        throw StripeFault(.refused, "it was refused too many times within a day")
    }

    private static let refusalsMax = 50

    /// Of several under one number the one that went furthest.
    private func find(refundNumbered number: String, of payment: String, as name: String) async throws(StripeFault) -> StripeObject? {
        var found: [StripeObject] = []
        var last: String?
        repeat {
            let page = try await StripePage.of("/refunds", [(name, .text(payment))], after: last, exchange)
            found += page.objects.filter { $0.ourNumber == number }
            last = page.next
        } while last != nil
        let order = ["succeeded", "pending", "requires_action"]
        return found.min { left, right in
            (order.firstIndex(of: left["status"].string ?? "") ?? order.count) < (order.firstIndex(of: right["status"].string ?? "") ?? order.count)
        }
    }
}
