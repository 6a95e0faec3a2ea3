import Commerce
import Mall
import Store

/// What its buyer, or the seller, does to one order of the market.
struct Shopping {
    let order: StoredOrder
    let store: Store
    let market: Market
    let random: SeededRandom

    func cancel() async throws {
        _ = try await market.cashier(store).cancel(order.number, as: .buyer, reason: "no", by: "buyer")
    }

    func payOrThink() async throws {
        if let platforms = market.platforms { return try await pay(at: platforms) }
        let opening: Cashier.Opening
        // The goods may have gone to others when their time was over; then he is told, and not sent to pay.
        do { opening = try await market.cashier(store).open(order.number, at: market.till.id, by: "buyer") } catch StoreError.contradiction {
            return
        }
        // Some think about it first, and pay when they come back.
        guard case .open(let attempt, _, _) = opening, random.coin(), let payment = market.till.pay(attempt.id, of: order.number) else { return }
        // Its word comes never, once or twice; the till itself knows for sure.
        let number = order.number
        for _ in 0..<random.below(3) {
            _ = try await store.write { writing throws(StoreError) in
                try writing.tell(.paid(payment), of: number, by: "till", judged: false)
            }
        }
    }

    func showGoodWill() async throws {
        try await seller(.goodwill(LineShare(line: 1, pieces: 0, amount: Int64(1 + random.below(600)))))
    }

    func ship() async throws {
        let lines = order.state.lines.map { LinePieces(line: $0.line.number, pieces: Int64(1 + random.below(2))) }
        try await seller(.ship(carrier: "SF", tracking: "t\(order.version)", warehouse: nil, lines: lines))
    }

    func claimOrAnswer() async throws {
        guard let open = order.state.afterSales.first(where: \.isOpen) else {
            let kind = AfterSaleKind.allCases[random.below(AfterSaleKind.allCases.count)]
            let claimed = [ClaimedLine(line: 1, pieces: Int64(random.below(3)), amount: kind.givesMoneyBack ? 100 : 0)]
            return try await act(.ask(kind, claimed, reason: "hm", evidence: []), as: .buyer)
        }
        switch open.phase {
        case .agreed, .returning:
            let goods = open.terms.filter { $0.pieces > 0 }.map {
                ReturnedGoods(line: $0.line, pieces: $0.pieces, disposition: Disposition.allCases[random.below(Disposition.allCases.count)])
            }
            try await seller(.takeBack(open.id, goods, .main))
        case .resending: try await seller(.sendAgain(open.id, carrier: "SF", tracking: "again"))
        default: try await seller(.answer(open.id, random.below(4) > 0 ? .agree : .decline(reason: "no")))
        }
    }

    private func seller(_ act: OrderAct) async throws { try await self.act(act, as: .seller) }

    /// What cannot be, such as a parcel of goods that are elsewhere, changes nothing.
    private func act(_ act: OrderAct, as side: OrderSide) async throws {
        let number = order.number
        do {
            _ = try await store.write { writing throws(StoreError) in try writing.act(act, on: number, as: side, by: side.rawValue) }
        } catch StoreError.contradiction {}
    }
}
