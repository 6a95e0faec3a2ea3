import Commerce
import GRDB

extension Writing {
    /// Holds all that is wanted or nothing, and answers the same attempt the same way however often it comes.
    ///
    /// Looking and taking are one step of the only writer, so no two callers find the same unit.
    /// What somebody's time is over for is taken back on the way, as far as it is needed.
    ///
    /// - Throws: `.notFound` for a SKU that is not there, `.contradiction` when the attempt wanted something else before.
    package func reserve(_ request: HoldRequest) throws(StoreError) -> HoldOutcome {
        let before = try reading.holds(owner: request.owner, attempt: request.attempt)
        if !before.isEmpty {
            try assertSame(before, request.demand, of: request.owner)
            return .known(before)
        }
        let places = if let named = request.warehouses { try warehouses(named) } else { try openWarehouses() }
        var plans: [(sku: Int64, pieces: [Piece])] = []
        var short: [HoldOutcome.Shortage] = []
        for (sku, wanted) in request.demand.totals {
            let number = try skuNumber(sku.ref)
            switch try planned(number, sku, wanted, at: places, request) {
            case .success(let pieces): plans.append((number, pieces))
            case .failure(let there): short.append(.init(sku: sku.ref, wanted: wanted, available: there.units))
            }
        }
        guard short.isEmpty else { return .short(short) }
        let expires = desk.surroundings.time.now() + request.lifetime
        var held: [Hold] = []
        for (index, total) in request.demand.totals.enumerated() {
            let parts = request.demand.parts.filter { $0.sku == total.sku }
            for hold in Piece.assign(plans[index].pieces, to: parts) {
                let place = StockPlace(sku: plans[index].sku, warehouse: hold.warehouse.number)
                held.append(
                    try insert(
                        hold, of: total.sku.ref, at: place, kind: .hold, owner: request.owner, attempt: request.attempt, expires: expires))
            }
        }
        return .held(held)
    }

    func assertSame(_ holds: [Hold], _ demand: StockDemand, of owner: String) throws(StoreError) {
        let had: StockDemand
        do throws(ValidationFailure) {
            had = try StockDemand(holds.compactMap { hold in
                SKUID(hold.sku).map { StockDemand.Part(line: hold.line, sku: $0, quantity: hold.quantity) }
            })
        } catch { throw .corrupt("the holds of \(owner): \(error)") }
        guard had == demand else {
            throw .contradiction("\(owner) asked for other goods under the same attempt; a changed order takes the next attempt")
        }
    }

    private func warehouses(_ ids: [WarehouseID]) throws(StoreError) -> [Warehouse] {
        var found: [Warehouse] = []
        for id in ids {
            let warehouse = try reading.requireWarehouse(id)
            if !warehouse.isClosed, !found.contains(warehouse) { found.append(warehouse) }
        }
        return found
    }

    private struct Available: Error { let units: Int64 }

    private func planned(
        _ number: Int64, _ sku: SKUID, _ wanted: Int64, at places: [Warehouse], _ request: HoldRequest
    ) throws(StoreError) -> Result<[Piece], Available> {
        guard let planted = desk.surroundings.plantedInStock, let first = places.first else {
            return try plan(number, wanted, at: places, request)
        }
        switch planted {
        case .creditsEarly: return try plan(number, wanted, at: places, request)
        // Somebody has looked, some transactions ago.
        case .looksThenTakes: return .success([Piece(first, .pool, wanted)])
        case .looksLineByLine:
            var pieces: [Piece] = []
            for part in request.demand.parts where part.sku == sku {
                switch try plan(number, part.quantity, at: places, request) {
                case .success(let some): pieces += some
                case .failure(let available): return .failure(available)
                }
            }
            return .success(pieces)
        }
    }

    /// Where the units come from, or how many there are when they are too few.
    private func plan(
        _ sku: Int64, _ wanted: Int64, at warehouses: [Warehouse], _ request: HoldRequest
    ) throws(StoreError) -> Result<[Piece], Available> {
        let fenced = try fences(of: sku).reduce(0) { $0 + ($1.key == request.channel ? 0 : $1.value) }
        var available = try availability(sku, at: warehouses, fenced: fenced)
        if available.open < wanted {
            let missing = wanted - available.open
            _ = try reclaim(sku, at: warehouses, atLeast: missing)
            available = try availability(sku, at: warehouses, fenced: fenced)
        }
        var sources: [StockSource] = []
        for warehouse in warehouses {
            let balance = try balance(StockPlace(sku: sku, warehouse: warehouse.number))
            sources.append(
                StockSource(
                    warehouse.id, pool: balance.pool, backorderRoom: request.allowsBackorder ? balance.backorderRoom : 0))
        }
        guard let shares = Allocation.shares(of: wanted, from: sources, poolMax: available.open) else {
            return .failure(Available(units: available.holdable(withBackorder: request.allowsBackorder)))
        }
        return .success(
            shares.flatMap { share -> [Piece] in
                guard let warehouse = warehouses.first(where: { $0.id == share.warehouse }) else { return [] }
                return [Piece(warehouse, .pool, share.pooled), Piece(warehouse, .backorder, share.owed)].filter { $0.quantity > 0 }
            })
    }

    private func availability(_ sku: Int64, at warehouses: [Warehouse], fenced: Int64) throws(StoreError) -> Availability {
        var available = Availability(fencedForOthers: fenced)
        for warehouse in warehouses {
            let balance = try balance(StockPlace(sku: sku, warehouse: warehouse.number))
            available.pool += balance.pool
            available.backorderRoom += balance.backorderRoom
        }
        return available
    }

    /// Writes a hold or a sale down with its entries and takes its units.
    ///
    /// - Parameter expires: nil for a sale, which is nobody else's any more.
    func insert(
        _ assigned: Piece.Assigned, of sku: EntityRef, at place: StockPlace, kind: StockEntryKind, owner: String, attempt: Int64,
        expires: Timestamp?
    ) throws(StoreError) -> Hold {
        let state: HoldState = kind == .hold ? .open : .claimed
        var balance = try balance(place)
        let steps = assigned.sources.map { StockStep($0.account, kind == .hold ? .reserved : .sold, $0.quantity) }
        for step in steps {
            let taken = trying { () throws(StockShortfall) in try balance.apply(step, forcing: kind == .sell) }
            // It was planned on this very balance.
            if case .failure(let shortfall) = taken { throw .failed("a plan did not fit its balance: \(shortfall)") }
        }
        try put(balance, at: place)
        let now = desk.surroundings.time.now()
        let ended = state == .open ? nil : now
        let number = try perform { db in
            try db.run(Writing.insertHold) { row in
                row.set(1, owner)
                row.set(2, assigned.line)
                row.set(3, attempt)
                row.set(4, place.sku)
                row.set(5, place.warehouse)
                row.set(6, assigned.quantity)
                row.set(7, expires?.milliseconds)
                row.set(8, state.rawValue)
                row.set(9, now.milliseconds)
                row.set(10, ended?.milliseconds)
            }
            return db.lastInsertedRowID
        }
        try enter(kind, steps, at: place, cause: .own("\(kind.rawValue)/\(number)"))
        return Hold(
            number: number, owner: owner, line: assigned.line, attempt: attempt, sku: sku, warehouse: assigned.warehouse.id,
            quantity: assigned.quantity, expiresAt: expires, state: state, at: now, endedAt: ended, shipped: 0, unsold: 0,
            returned: 0, place: place)
    }

    private static let insertHold = """
        INSERT INTO hold (owner, line, attempt, sku, warehouse, quantity, expires_at, state, at, ended_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        """
}
