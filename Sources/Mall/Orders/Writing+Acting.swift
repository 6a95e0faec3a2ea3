import Commerce
package import Store

extension Writing {
    /// Does something to an order, asked of its rules in this very transaction.
    ///
    /// - Parameter author: who did it, as its history shows.
    /// - Throws: `.notFound` for an order that is not there, `.contradiction` where the goods it is about are not.
    package func act(_ act: OrderAct, on number: String, as side: OrderSide, by author: String) throws(StoreError) -> Telling {
        let order = try reading.requireOrder(number)
        // What a buyer can do again and again may not use up the room of what money and goods do.
        if side == .buyer, order.version >= StoredOrder.buyersFactsMax { return .refused(.tooMuch(facts: order.version), order) }
        if let own = act.side, own != side { return .refused(.unknown("such a step for the \(side.rawValue)"), order) }
        switch act.facts(order.state, side, try reading.orderPolicy(of: order.state.placed?.channel), try openParcel(act, order), now) {
        case .failure(let refusal): return .refused(refusal, order)
        case .success(let facts):
            var last = Telling.known(order)
            for fact in facts {
                let at = fact.1 ?? now
                last = try tell(fact.0, of: number, at: at, by: author, judged: !fact.0.isMoney)
                if case .refused = last { return last }
            }
            return last
        }
    }

    private var now: Timestamp { surroundings.time.now() }

    /// Where the goods of a parcel are held, when nobody says.
    private func openParcel(_ act: OrderAct, _ order: StoredOrder) throws(StoreError) -> [WarehouseID: [Int: Int64]] {
        guard case .ship = act else { return [:] }
        var held: [WarehouseID: [Int: Int64]] = [:]
        for hold in try reading.holds(owner: order.owner) where hold.toShip > 0 {
            if let line = Int(hold.line) { held[hold.warehouse, default: [:]][line, default: 0] += hold.toShip }
        }
        return held
    }
}

extension OrderFact {
    fileprivate var isMoney: Bool { if case .paid = self { true } else { false } }
}

extension OrderAct {
    fileprivate typealias Timed = (OrderFact, Timestamp?)

    /// What it is to write; several where money goes back to several payments.
    fileprivate func facts(
        _ state: OrderState, _ side: OrderSide, _ policy: OrderPolicy, _ held: [WarehouseID: [Int: Int64]], _ now: Timestamp
    ) -> Result<[Timed], OrderRefusal> {
        func one(_ fact: OrderFact) -> Result<[Timed], OrderRefusal> { .success([(fact, nil)]) }
        func step(_ id: EntityID, _ fact: AfterSaleFact) -> Result<[Timed], OrderRefusal> { one(.afterSale(id, fact)) }
        switch self {
        case .ship(let carrier, let tracking, let warehouse, let lines):
            return parcel(carrier, tracking, warehouse, lines, state, held)
        case .deliver(let parcel): return one(.delivered(parcel: parcel))
        case .handOver(let code):
            guard let pickUp = state.placed?.pickUp else { return .failure(.notForPickUp) }
            return pickUp.opens(with: code) ? one(.pickedUp) : .failure(.wrongCode)
        case .receive: return one(.received(by: side.receives))
        case .complete: return one(.completed)
        case .remark(let text): return one(.remarked(OrderAct.next("n", state.remarks.count), text: text))
        case .invoice(let title, let amount):
            return one(.invoiced(OrderAct.next("i", state.timeline.count { $0.fact.kind == .invoiced }), title: title, amount: amount))
        case .reprice(let lines, let reason):
            return one(.repriced(Repricing(number: state.repricings + 1, lines: lines, reason: reason)))
        case .goodwill(let share):
            let refunds = RefundPlan.goodwill(share, of: state)
            // Less than was asked for is not what was asked for.
            let there = refunds.reduce(0) { $0 + $1.amount.amount }
            guard there == share.amount else { return .failure(.amount(share.amount, wanted: "\(there) of what was paid could go back")) }
            return .success(refunds.map { (.refundOpened($0), nil) })
        case .takeMoney(let payment): return one(.paid(payment))
        case .ask(let kind, let lines, let reason, let evidence):
            if side == .buyer, let received = state.receivedAt, received + policy.claimWindow < now {
                return .failure(.tooLate(since: received + policy.claimWindow))
            }
            let shares = lines.map { $0.share(of: state, kind) }
            return step(
                OrderAct.next("c", state.afterSales.count),
                .asked(AfterSaleClaim(kind: kind, lines: shares, reason: reason, evidence: evidence)))
        case .answer(let id, let word):
            return step(id, .answered((state.afterSale(id)?.answers ?? 0) + 1, AfterSaleAnswer(by: side.answers, word)))
        case .sendBack(let id, let carrier, let tracking): return step(id, .sent(carrier: carrier, tracking: tracking))
        case .takeBack(let id, let goods, let warehouse): return step(id, .taken(goods, warehouse))
        case .sendAgain(let id, let carrier, let tracking): return step(id, .reshipped(carrier: carrier, tracking: tracking))
        case .complain(let id, let reason): return step(id, .complained(reason: reason))
        case .arbitrate(let id, let ruling): return step(id, .arbitrated(ruling))
        case .withdraw(let id): return step(id, .withdrawn)
        }
    }

    private func parcel(
        _ carrier: String, _ tracking: String, _ warehouse: WarehouseID?, _ lines: [LinePieces], _ state: OrderState,
        _ held: [WarehouseID: [Int: Int64]]
    ) -> Result<[Timed], OrderRefusal> {
        // The same label is the same parcel, however often somebody presses the button.
        if let known = state.parcels.first(where: { $0.parcel.carrier == carrier && $0.parcel.tracking == tracking }) {
            return .success([(.shipped(known.parcel), known.at)])
        }
        let id = OrderAct.next("p", state.parcels.count)
        let there = warehouse ?? held.keys.sorted().max { (held[$0] ?? [:]).values.reduce(0, +) < (held[$1] ?? [:]).values.reduce(0, +) }
        let left = state.lines.map { LinePieces(line: $0.line.number, pieces: max(0, $0.outstanding - $0.withheld)) }
        let all = left.compactMap { part -> LinePieces? in
            guard lines.isEmpty else { return nil }
            let pieces = there.map { min(part.pieces, held[$0]?[part.line] ?? 0) } ?? part.pieces
            return pieces > 0 ? LinePieces(line: part.line, pieces: pieces) : nil
        }
        return .success([
            (
                .shipped(
                    Parcel(id: id, carrier: carrier, tracking: tracking, warehouse: there ?? .main, lines: lines.isEmpty ? all : lines)),
                nil
            )
        ])
    }

    /// `p1`, `p2`, …: facts from elsewhere have names of their own, so a name that is taken is a refusal and no harm.
    private static func next(_ letter: Character, _ count: Int) -> EntityID {
        guard let id = EntityID("\(letter)\(count + 1)") else { preconditionFailure("a letter and a number are an id") }
        return id
    }
}

extension ClaimedLine {
    /// Sending is given back with goods that were never sent, and not with those that were.
    fileprivate func share(of state: OrderState, _ kind: AfterSaleKind) -> LineShare {
        let worth = kind.givesMoneyBack ? state.line(line)?.worth(of: pieces, withFreight: kind == .callOff) : nil
        return LineShare(line: line, pieces: pieces, amount: amount ?? worth ?? 0)
    }
}

extension PickUp {
    /// Compared as a whole: how long it takes says nothing about where they differ.
    fileprivate func opens(with other: String) -> Bool {
        let (mine, theirs) = (Array(code.utf8), Array(other.utf8))
        var difference = mine.count ^ theirs.count
        for (index, byte) in theirs.enumerated() { difference |= Int(byte ^ (mine.isEmpty ? 0xFF : mine[index % mine.count])) }
        return difference == 0
    }
}
