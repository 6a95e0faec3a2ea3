import Commerce
import GRDB

extension Writing {
    /// Lets out of the house what the order's parcels, its buyer or its end have taken.
    ///
    /// - Parameter asked: the fact whose goods have to be there; what was said of others before binds nobody now.
    func moveOut(_ book: OrderBook, asked: OrderFact?) throws(StoreError) {
        let state = book.state
        for parcel in state.parcels {
            let parts = try goods(of: parcel.parcel.lines.map { ($0.line, $0.pieces) }, state)
            try leave(book, parts, "parcel/\(parcel.parcel.id)", from: parcel.parcel.warehouse, judged: asked == .shipped(parcel.parcel))
        }
        // What nobody sends has left when the buyer has it.
        guard state.isPickedUp || state.receivedAt != nil, !state.isCancelled else { return }
        let left = try reading.holds(owner: book.owner).filter { hold in
            guard hold.toShip > 0, let number = Int(hold.line), let line = state.line(number) else { return false }
            return state.isPickedUp || !line.line.isSent
        }
        let parts = try demand(left.map { ($0.line, $0.sku, $0.toShip) })
        try leave(book, parts, "received", from: nil, judged: asked?.kind == .received || asked?.kind == .pickedUp)
    }

    private func leave(
        _ book: OrderBook, _ parts: StockDemand?, _ fact: String, from warehouse: WarehouseID?, judged: Bool
    ) throws(StoreError) {
        guard let parts else { return }
        let cause = book.cause(fact)
        var outcome = try ship(owner: book.owner, parts: parts, from: warehouse, cause: cause, author: "order")
        // It left a house the book does not know it in; what the order has is gone all the same.
        if case .short = outcome, !judged { outcome = try ship(owner: book.owner, parts: parts, cause: cause, author: "order") }
        guard case .short(let shortfall) = outcome, judged else { return }
        throw .contradiction(
            "order \(book.number): \(shortfall.wanted) are to leave\(warehouse.map { " \($0)" } ?? ""), it has \(shortfall.there) there; "
                + "name the warehouse its goods are held in (heyi hold list --owner \(book.owner))")
    }

    /// Moves the goods of after-sale cases: called off, come back, sent again.
    func settleCases(_ book: OrderBook, asked: OrderFact?) throws(StoreError) {
        let state = book.state
        for afterSale in state.afterSales {
            guard let claim = afterSale.claim else { continue }
            var judged = false
            if case .afterSale(afterSale.id, _) = asked { judged = true }
            if claim.kind == .callOff {
                if afterSale.isGranted { try callOff(afterSale, book, judged: judged) }
                continue
            }
            if desk.surroundings.plantedInOrders == .restocksOnRefund, afterSale.refunded > 0 {
                try restock(afterSale, book)
            } else {
                try takeIn(afterSale, book, judged: judged)
            }
            if afterSale.isReshipped { try sendAgain(afterSale, book, judged: judged) }
        }
    }

    /// What was called off before it was sent can be sold again.
    private func callOff(_ afterSale: AfterSaleState, _ book: OrderBook, judged: Bool) throws(StoreError) {
        guard !book.state.isCancelled, let parts = try goods(of: afterSale.terms.map { ($0.line, $0.pieces) }, book.state) else { return }
        let outcome = try unsell(owner: book.owner, parts: parts, cause: book.cause("as/\(afterSale.id)/off"), author: "order")
        // Called off elsewhere when it had left already: a problem of the order, that somebody sees.
        if case .short(let shortfall) = outcome, judged {
            throw .contradiction("order \(book.number): \(shortfall.wanted) are called off, \(shortfall.there) have not left")
        }
    }

    /// What came back is what somebody decided it is; nothing else brings anything on sale.
    private func takeIn(_ afterSale: AfterSaleState, _ book: OrderBook, judged: Bool) throws(StoreError) {
        for disposition in Disposition.allCases {
            let back = afterSale.goodsBack.filter { $0.disposition == disposition }
            guard let parts = try goods(of: back.map { ($0.line, $0.pieces) }, book.state) else { continue }
            let outcome = try takeBack(
                owner: book.owner, parts: parts, disposition, to: afterSale.warehouse,
                cause: book.cause("as/\(afterSale.id)/\(disposition.rawValue)"), author: "order", reason: afterSale.claim?.reason)
            if case .short(let shortfall) = outcome, judged {
                throw .contradiction("order \(book.number): \(shortfall.wanted) came back, \(shortfall.there) had left")
            }
        }
    }

    /// Goods that go out again are held and gone in one step, from wherever they are.
    private func sendAgain(_ afterSale: AfterSaleState, _ book: OrderBook, judged: Bool) throws(StoreError) {
        let owner = "\(book.owner)/as/\(afterSale.id)"
        guard try reading.holds(owner: owner).isEmpty, let placed = book.state.placed else { return }
        // A repaired piece is the buyer's own, and no stock of ours goes out for it.
        guard afterSale.claim?.kind != .repair else { return }
        let lines = afterSale.terms.summed.compactMap { line, share in book.state.line(line).map { ($0.line, share.pieces) } }
        guard let request = try holdRequest(placed, lines.filter { $0.1 > 0 }, owner: owner, attempt: 0, .standard) else { return }
        guard case .held = try reserve(request) else {
            guard judged else { return }
            throw .contradiction("order \(book.number): what is to be sent again is not there; receive stock first, or give the money back")
        }
        _ = try claim(owner: owner)
        _ = try ship(owner: owner, parts: request.demand, cause: book.cause("as/\(afterSale.id)/again"), author: "order")
    }

    /// The planted mistake: money back is taken for goods back.
    private func restock(_ afterSale: AfterSaleState, _ book: OrderBook) throws(StoreError) {
        guard let parts = try goods(of: afterSale.terms.map { ($0.line, max(1, $0.pieces)) }, book.state) else { return }
        for part in parts.parts {
            let order: StockOrder
            do throws(ValidationFailure) {
                order = try StockOrder(
                    .receive(part.quantity), of: part.sku.ref, cause: book.cause("as/\(afterSale.id)/\(part.line)"), author: "order")
            } catch { throw .invalid(error) }
            try move(order)
        }
    }

    /// Pieces of lines as units of stock; nil for none.
    private func goods(of lines: [(line: Int, pieces: Int64)], _ state: OrderState) throws(StoreError) -> StockDemand? {
        let parts = lines.flatMap { line, pieces in pieces > 0 ? state.line(line)?.line.demand(pieces) ?? [] : [] }
        return try demand(parts.map { ($0.line, $0.sku.ref, $0.quantity) })
    }
}
