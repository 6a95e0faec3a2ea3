package import Commerce
import GRDB

/// Which side a difference is put right by.
package enum StockTruth: String, CaseIterable, Sendable {
    /// The entries: a balance was altered.
    case entries
    /// The balances: entries were taken out.
    case balances
}

extension Writing {
    /// Puts balances right that are not the sum of their entries, by new entries alone.
    ///
    /// One entry says what the balance had shown, as if it had come from outside; where the entries are
    /// believed, a second takes it back. So nothing is ever altered, and whoever reads the entries sees
    /// what was shown and for how long. What is reserved or sold without somebody it belongs to is not
    /// touched: that needs a person.
    ///
    /// - Returns: what was put right.
    /// - Throws: `.contradiction` when entries are missing and are to be believed, or the repaired balance could not be.
    package func repairStock(
        of sku: EntityRef? = nil, believing truth: StockTruth, by principal: String, limit: Int = 100
    ) throws(StoreError) -> [StockDifference] {
        let found = try reading.stockDifferences(of: sku, limit: limit)
        if truth == .entries, found.contains(where: { $0.law == .gap }) {
            throw .contradiction(
                "entries are missing, so they cannot be believed: compare with the newest backup, or run heyi stock audit --repair --believe balances")
        }
        let due = found.filter { $0.law == .balance }
        let number = try perform { db in
            try db.first("SELECT coalesce(max(num), 0) + 1 FROM stock_entry") { _ in } _: { try $0.integer(0) }
        } ?? 1
        let cause = StockCause.own("repair/\(number)")
        var part = 0
        var places: [StockPlace] = []
        for difference in due {
            guard let subject = difference.sku, let warehouse = difference.warehouse, let account = difference.account else { continue }
            let place = try place(subject, try reading.requireWarehouse(warehouse))
            if !places.contains(place) { places.append(place) }
            let sign: Int64 = account == .backorder ? -1 : 1
            let more = sign * (difference.shown - difference.expected)
            let seen = more > 0 ? StockStep(.outside, account, more) : StockStep(account, .outside, -more)
            try enter(.repair, [seen], at: place, cause: cause, firstPart: part, author: principal, reason: "the balance showed it")
            part += 1
            guard truth == .entries else { continue }
            let back = StockStep(seen.to, seen.from, seen.quantity)
            try enter(.repair, [back], at: place, cause: cause, firstPart: part, author: principal, reason: "its entries did not")
            part += 1
        }
        for place in places { try refold(place) }
        for place in try rightsToSum(found) { try sumRights(place) }
        let repaired = found.filter { $0.law == .balance || $0.law == .rights }
        for difference in repaired {
            try audit(principal: principal, action: "stock.repair", subject: difference.subject, detail: difference.problem)
        }
        return repaired
    }

    /// Makes a place's balances the sum of its entries.
    private func refold(_ place: StockPlace) throws(StoreError) {
        let folded = try reading.folded(place)
        var line = try line(place)
        var rights: [ChannelID: Int64] = [:]
        for (account, units) in folded { if case .right(let channel) = account { rights[channel] = units } }
        let debt = -(folded[.backorder] ?? 0)
        let balance = StockBalance(
            pool: folded[.pool] ?? 0, safety: folded[.safety] ?? 0, rights: rights, reserved: folded[.reserved] ?? 0,
            sold: folded[.sold] ?? 0, damaged: folded[.damaged] ?? 0, transit: folded[.transit] ?? 0, backordered: debt,
            forced: max(0, debt - line.balance.backorderLimit), backorderLimit: line.balance.backorderLimit)
        if let flaw = balance.flaw {
            throw .contradiction("the entries of \(try reading.entity(place.sku)) add up to what cannot be (\(flaw)); restore a backup")
        }
        line.balance = balance
        desk.stock.put(line, at: place)
        try reading.settleStock()
        try sumRights(place)
    }

    private func rightsToSum(_ found: [StockDifference]) throws(StoreError) -> [StockPlace] {
        var places: [StockPlace] = []
        for difference in found where difference.law == .rights {
            guard let sku = difference.sku, let warehouse = difference.warehouse else { continue }
            places.append(try place(sku, try reading.requireWarehouse(warehouse)))
        }
        return places
    }

    private func sumRights(_ place: StockPlace) throws(StoreError) {
        try perform { db in
            try db.run(
                """
                UPDATE stock SET rights = (SELECT coalesce(sum(granted), 0) FROM stock_right
                    WHERE stock_right.sku = ?1 AND stock_right.warehouse = ?2) WHERE sku = ?1 AND warehouse = ?2
                """
            ) { row in
                row.set(1, place.sku)
                row.set(2, place.warehouse)
            }
        }
    }
}
