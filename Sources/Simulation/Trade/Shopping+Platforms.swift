import Commerce
import Mall
import Store

/// What buyers do at real platforms, where they pay when they like and their hub hears of it later.
extension Shopping {
    func pay(at platforms: Platforms) async throws {
        if random.below(5) == 0 { return try await payByHand(platforms) }
        let name = platforms.all[random.below(platforms.all.count)].id.text
        let opening: Cashier.Opening
        do { opening = try await market.cashier(store).open(order.number, at: name, by: "buyer") } catch StoreError.contradiction { return }
        guard case .open(let attempt, let shown, _) = opening else { return }
        platforms.show(attempt.numberAtGateway(ofOrder: order.number).description, shown)
        if random.coin() { try platforms.pay(attempt, of: order.number) }
    }

    /// Somebody pays at a page he opened earlier, whatever he or the shop did since.
    ///
    /// - Returns: false where no page was ever opened.
    func payLate(_ platforms: Platforms) async throws -> Bool {
        let attempts = order.state.attempts
        guard !attempts.isEmpty else { return false }
        try platforms.pay(attempts[random.below(attempts.count)].attempt, of: order.number)
        return true
    }

    /// He brings the money, though he may have a page open.
    private func payByHand(_ platforms: Platforms) async throws {
        guard let money = order.state.money, money.missing > 0, let id = EntityID("h\(order.version)") else { return }
        let attempt = PaymentAttempt(id: id, gateway: platforms.hand.id, amount: Money(amount: money.missing, currency: money.currency))
        _ = await platforms.hand.open(attempt, of: order.number)
        guard let paid = platforms.hand.pay(id, of: order.number) else { return }
        let (number, payment) = (order.number, Payment(ref: paid.ref, amount: paid.amount))
        _ = try await store.write { writing throws(StoreError) in try writing.tell(.paid(payment), of: number, by: "seller", judged: false) }
    }
}
