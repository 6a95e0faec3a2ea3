import ChannelAdapters
package import Commerce
package import Store

extension Reconciler {
    /// Does for a day's open differences what can be done without a person, and compares again.
    ///
    /// What a gateway does not answer stays as it is; what it answers otherwise than its bill is for a person from then on.
    @discardableResult
    package func repair(_ gateway: String, _ day: CalendarDay, by author: String) async throws(StoreError) -> BillReport {
        let account = try account(gateway)
        let known = try await report(gateway, day)
        for stored in known.open { try await repair(stored, by: author) }
        try await write { writing throws(StoreError) in
            try writing.compareAgain(gateway, day)
            try writing.compareBill(gateway, day, account.terms)
        }
        return try await report(gateway, day)
    }

    private func repair(_ stored: StoredBillDifference, by author: String) async throws(StoreError) {
        do throws(StoreError) {
            switch stored.difference.repair {
            case .learnPayment(let order, let attempt): try await learnPayment(stored, order, attempt, author)
            case .learnRefund(let order, let refund): try await learnRefund(stored, order, refund, author)
            case .ask(let order, let attempt): try await ask(stored, order, attempt: attempt)
            case .askRefund(let order, let refund): try await ask(stored, order, refund: refund, author)
            case .person: break
            }
        } catch {
            switch error {
            // What this one order does not take is no reason to leave the others.
            case .contradiction, .invalid, .notFound: try await raise(stored, "\(error)")
            default: throw error
            }
        }
    }

    private func learnPayment(
        _ stored: StoredBillDifference, _ order: String, _ id: EntityID, _ author: String
    ) async throws(StoreError) {
        guard let (gateway, attempt) = try await attempt(stored, order, id) else { return }
        switch await gateway.ask(attempt, of: order) {
        case .unknown(let words): try await note(stored, "the gateway does not answer: \(words)")
        case .open: try await raise(stored, "the gateway says that the attempt is not paid yet; its bill says it was")
        case .closed: try await raise(stored, "the gateway says that the attempt was closed; its bill says it was paid")
        case .paid(let payment, let at):
            guard payment.ref.gateway == stored.gateway, payment.ref.transaction == stored.difference.movement.transaction,
                payment.amount == stored.difference.amount
            else {
                return try await raise(stored, "the gateway says that \(payment.ref) paid \(payment.amount); its bill says otherwise")
            }
            try await write { writing throws(StoreError) in
                let telling = try writing.tell(.paid(payment), of: order, at: at, by: Reconciler.author, judged: false)
                try end(stored, writing, "payment \(payment.ref) of \(payment.amount) learnt", telling, author)
            }
        }
    }

    private func learnRefund(
        _ stored: StoredBillDifference, _ order: String, _ id: EntityID, _ author: String
    ) async throws(StoreError) {
        let at = stored.difference.there["at"]?.integer.map { Timestamp(milliseconds: $0) }
        try await write { writing throws(StoreError) in
            guard let state = try writing.reading.requireOrder(order).state.refund(id) else { throw .notFound("refund \(id) of \(order)") }
            // The bill is the gateway's word only for just this refund.
            guard state.refund.payment.transaction == stored.difference.movement.transaction, state.refund.amount == stored.difference.amount
            else { throw .contradiction("refund \(id) of order \(order) is not the one on the bill") }
            let telling = try writing.tell(.refundSettled(id), of: order, at: at, by: Reconciler.author, judged: false)
            try end(stored, writing, "refund \(id) of order \(order) is through", telling, author)
        }
    }

    private func end(
        _ stored: StoredBillDifference, _ writing: Writing, _ words: String, _ telling: Telling, _ author: String
    ) throws(StoreError) {
        let isNew = if case .told = telling { true } else { false }
        let told = isNew ? words : words + ", which was known by then"
        guard try writing.endDifference(stored.number, .repaired, by: author, told: told) else { return }
        try writing.audit(principal: author, action: "bill-repair", subject: stored.subject, detail: told)
    }

    /// Asks after a payment that no bill lists. Whatever the answer, a person must know: the gateway's word is not in its bill.
    private func ask(_ stored: StoredBillDifference, _ order: String, attempt id: EntityID) async throws(StoreError) {
        guard let (gateway, attempt) = try await attempt(stored, order, id) else { return }
        switch await gateway.ask(attempt, of: order) {
        case .unknown(let words): try await note(stored, "the gateway does not answer: \(words)")
        case .open: try await raise(stored, "asked again, the gateway says that the attempt is not paid")
        case .closed: try await raise(stored, "asked again, the gateway says that the attempt was closed")
        case .paid(let payment, _):
            try await raise(stored, "asked again, the gateway says that \(payment.ref) paid \(payment.amount); its bills do not list it so")
        }
    }

    /// Asks after a refund under its number, which sends it if it never arrived: it is owed either way.
    private func ask(
        _ stored: StoredBillDifference, _ order: String, refund id: EntityID, _ author: String
    ) async throws(StoreError) {
        let state = try await store.read { reading throws(StoreError) in try reading.requireOrder(order).state.refund(id) }
        guard let refund = state?.refund else { throw .notFound("refund \(id) of \(order)") }
        guard let gateway = gateways[refund.payment.gateway] else {
            return try await note(stored, "no gateway is called \(refund.payment.gateway)")
        }
        switch await gateway.refund(refund, of: order) {
        case .unknown(let words): try await note(stored, "the gateway does not answer: \(words)")
        case .refused(let words): try await raise(stored, "asked again, the gateway refuses the refund that is settled here: \(words)")
        case .settled where stored.difference.kind == .state:
            try await write { writing throws(StoreError) in
                let told = "asked again, the gateway says that the refund is through"
                guard try writing.endDifference(stored.number, .explained, by: author, told: told, reason: told) else { return }
                try writing.audit(principal: author, action: "bill-repair", subject: stored.subject, detail: told)
            }
        case .settled: try await raise(stored, "asked again, the gateway says that the refund is through; its bills do not list it")
        }
    }

    private func attempt(
        _ stored: StoredBillDifference, _ order: String, _ id: EntityID
    ) async throws(StoreError) -> (any PaymentGateway, PaymentAttempt)? {
        guard let gateway = gateways[stored.gateway] else {
            try await note(stored, "no gateway is called \(stored.gateway)")
            return nil
        }
        let state = try await store.read { reading throws(StoreError) in try reading.requireOrder(order).state }
        guard let attempt = state.attempts.first(where: { $0.attempt.id == id })?.attempt else {
            throw .notFound("attempt \(id) of order \(order)")
        }
        return (gateway, attempt)
    }

    private func note(_ stored: StoredBillDifference, _ told: String) async throws(StoreError) {
        try await write { writing throws(StoreError) in try writing.noteDifference(stored.number, told: told) }
    }

    /// Leaves it to a person, with what was found out.
    private func raise(_ stored: StoredBillDifference, _ told: String) async throws(StoreError) {
        try await write { writing throws(StoreError) in
            try writing.noteDifference(stored.number, told: told, repair: .person(told))
        }
    }
}
