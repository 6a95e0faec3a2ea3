package import Commerce
package import Store

extension Market {
    /// What of money and goods is not where the books and the till say; to be asked when all is settled.
    ///
    /// - Parameter remembers: whether the store still knows all it was ever told; one put back from a backup does not.
    package func amiss(_ reading: Reading, remembers: Bool, now: Timestamp) throws(StoreError) -> [String] {
        try amiss(reading, MarketBooks(till), remembers: remembers, now: now)
    }

    /// - Parameter books: what those who moved the money say.
    func amiss(_ reading: Reading, _ books: MarketBooks, remembers: Bool, now: Timestamp) throws(StoreError) -> [String] {
        // A hub that forgot what it had promised may promise otherwise under the same number; its platforms hold to the first.
        let isBound = remembers || platforms == nil
        var found: [String] = isBound ? books.faults : []
        var refunded: Int64 = 0
        var left: [EntityRef: Int64] = [:]
        var place: Int64?
        while true {
            let page = try reading.orders(OrderSearch(), before: place, limit: 200)
            for head in page {
                place = head.place
                let state = try reading.requireOrder(head.number).state
                for (sku, pieces) in Market.outside(state) { left[sku, default: 0] += pieces }
                guard let money = state.money, state.placed?.externalNumber == nil else { continue }
                refunded += money.refunded
                if remembers, money.captured != books.takenIn(head.number) { 
                    found.append("order \(head.number) knows of another sum than the till: \(money.captured), not \(books.takenIn(head.number))")
                }
                if isBound, money.owedBack != 0 || money.opened != money.refunded { found.append("order \(head.number) still owes money") }
                guard isBound else { continue }
                if let kept = books.wronglyKept(head.number, by: money) { found.append(kept) }
                if !state.inDoubt.isEmpty { found.append("order \(head.number) is still in doubt") }
                if state.phase == .awaitingPayment { found.append("order \(head.number) waits for ever") }
                // Whoever was sent to the till finds the goods there when he has paid; who brings cash later than that may not.
                let isByHand = state.payments.contains { $0.payment.ref.gateway == platforms?.hand.id }
                if remembers, !isByHand, state.cancellations.contains(where: { $0.cancellation.reason.contains("went to others") }) {
                    found.append("the goods of order \(head.number) were sold while it was being paid")
                }
                for problem in state.problems {
                    switch problem {
                    case .refundedTooMuch, .refundedTooMuchForLine, .shippedTooMany, .contradiction: found.append("order \(head.number): \(problem)")
                    default: break
                    }
                }
            }
            if page.count < 200 { break }
        }
        if remembers, refunded != books.sentBack { found.append("the till sent back another sum than the books say") }
        for (index, units) in Market.start.enumerated() {
            let sku = Market.sku(index)
            guard let balance = try reading.stockLevels(sku, at: now).first?.balance else { continue }
            if balance.onHand + balance.damaged + (left[sku] ?? 0) != units { found.append("\(sku): units came from nowhere or went there") }
            if balance.backordered > balance.backorderLimit + balance.forced { found.append("\(sku): oversold") }
        }
        return found
    }

    /// What left the house for an order and did not come back to it.
    private static func outside(_ state: OrderState) -> [EntityRef: Int64] {
        var left: [EntityRef: Int64] = [:]
        for line in state.lines {
            let back = line.returned.filter { $0.disposition == .sellable || $0.disposition == .damaged }.reduce(0) { $0 + $1.pieces }
            left[EntityRef(.sku, line.line.priced.sku), default: 0] += line.shipped - back
        }
        for afterSale in state.afterSales where afterSale.isReshipped && afterSale.claim?.kind != .repair {
            for share in afterSale.terms { left[EntityRef(.sku, state.lines[share.line - 1].line.priced.sku), default: 0] += share.pieces }
        }
        return left
    }
}
