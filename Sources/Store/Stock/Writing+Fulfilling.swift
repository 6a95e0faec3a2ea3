package import Commerce
import GRDB

extension Writing {
    /// Lets a parcel leave: never more of a line than was bought, once for each cause.
    ///
    /// - Parameter warehouse: where it leaves from; nil for wherever the order's goods lie.
    package func ship(
        owner: String, parts: StockDemand, from warehouse: WarehouseID? = nil, cause: StockCause, author: String
    ) throws(StoreError) -> StockOutcome {
        try fulfil(.ship, owner, parts, at: warehouse, cause, author, nil) { hold, quantity, balance throws(StockShortfall) in
            let step = StockStep(.sold, .outside, quantity)
            try balance.apply(step)
            return [step]
        }
    }

    /// Takes back from an order what was paid for and has not left.
    ///
    /// - Parameter channel: it puts the goods back on sale itself, so they are its right again.
    package func unsell(
        owner: String, parts: StockDemand, toRightOf channel: ChannelID? = nil, cause: StockCause, author: String
    ) throws(StoreError) -> StockOutcome {
        if let channel { _ = try reading.requireChannel(channel) }
        return try fulfil(.unsell, owner, parts, at: nil, cause, author, nil) { hold, quantity, balance throws(StockShortfall) in
            guard let channel else { return try balance.bring(quantity, from: .sold) }
            let step = StockStep(.sold, .right(channel), quantity)
            try balance.apply(step)
            return [step]
        }
    }

    /// Books goods that came back, by what somebody decided of them; never more than left for the order.
    ///
    /// Nothing but ``Disposition/sellable`` brings anything on sale again.
    package func takeBack(
        owner: String, parts: StockDemand, _ disposition: Disposition, to warehouse: WarehouseID? = nil, cause: StockCause,
        author: String, reason: String? = nil
    ) throws(StoreError) -> StockOutcome {
        let note = reason.map { "\(disposition.rawValue): \($0)" } ?? disposition.rawValue
        return try fulfil(.takeBack, owner, parts, at: warehouse, cause, author, note) { hold, quantity, balance throws(StockShortfall) in
            switch disposition {
            case .sellable: return try balance.bring(quantity, from: .outside)
            case .damaged:
                let step = StockStep(.outside, .damaged, quantity)
                try balance.apply(step)
                return [step]
            case .lost, .supplier: return [StockStep(.outside, .pool, 0)]
            }
        }
    }

    /// Spreads what happened over an owner's claimed holds, all of it or nothing.
    private func fulfil(
        _ kind: StockEntryKind, _ owner: String, _ wanted: StockDemand, at warehouse: WarehouseID?, _ cause: StockCause,
        _ author: String, _ reason: String?,
        _ take: (Hold, Int64, inout StockBalance) throws(StockShortfall) -> [StockStep]
    ) throws(StoreError) -> StockOutcome {
        var quantities: [EntityRef: Int64?] = [:]
        for (sku, quantity) in wanted.totals { quantities[sku.ref] = .some(kind == .takeBack ? nil : quantity) }
        if try isKnown(cause, kind, quantities) { return .known }
        // Goods may come back to another warehouse than they left.
        let target = try warehouse.map { id throws(StoreError) in try reading.requireWarehouse(id) }
        let holds = try reading.holds(owner: owner).filter { $0.state == .claimed }
        var plan: [(hold: Hold, quantity: Int64)] = []
        for part in wanted.parts {
            var left = part.quantity
            for hold in holds where left > 0 && hold.line == part.line && hold.sku == part.sku.ref {
                if kind != .takeBack, let target, target.number != hold.place.warehouse { continue }
                let taken = min(left, kind == .takeBack ? hold.shipped - hold.returned : hold.toShip)
                if taken > 0 { plan.append((hold, taken)) }
                left -= taken
            }
            guard left == 0 else {
                let account: StockAccount = kind == .takeBack ? .outside : .sold
                return .short(StockShortfall(account: account, wanted: part.quantity, there: part.quantity - left))
            }
        }
        // Looked at as a whole before anything is changed: two lines may take from one balance.
        var balances: [StockPlace: StockBalance] = [:]
        var steps: [(place: StockPlace, steps: [StockStep])] = []
        for (hold, quantity) in plan {
            let place = kind == .takeBack ? StockPlace(sku: hold.place.sku, warehouse: target?.number ?? hold.place.warehouse) : hold.place
            var balance = if let known = balances[place] { known } else { try balance(place) }
            switch trying({ () throws(StockShortfall) in try take(hold, quantity, &balance) }) {
            case .success(let taken): steps.append((place, taken))
            case .failure(let shortfall): return .short(shortfall)
            }
            balances[place] = balance
        }
        var part = 0
        for (place, taken) in steps {
            guard let balance = balances[place] else { continue }
            try put(balance, at: place)
            try enter(kind, taken, at: place, cause: cause, firstPart: part, author: author, reason: reason)
            part += taken.count
        }
        for (hold, quantity) in plan { try count(kind, quantity, on: hold) }
        return .done(steps.flatMap(\.steps))
    }

    private func count(_ kind: StockEntryKind, _ quantity: Int64, on hold: Hold) throws(StoreError) {
        let statement =
            switch kind {
            case .ship: "UPDATE hold SET shipped = shipped + ? WHERE num = ?"
            case .unsell: "UPDATE hold SET unsold = unsold + ? WHERE num = ?"
            default: "UPDATE hold SET returned = returned + ? WHERE num = ?"
            }
        try perform { db in
            try db.run(statement) { row in
                row.set(1, quantity)
                row.set(2, hold.number)
            }
        }
    }
}
