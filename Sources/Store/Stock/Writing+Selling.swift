import Commerce
import GRDB

extension Writing {
    /// Books what a channel has sold: under its right first, and what goes beyond that from safety and pool, else it is owed.
    ///
    /// A sale counts by its order and never by a quantity somebody saw. A breach raises a notice.
    package func sell(_ sale: ChannelSale) throws(StoreError) -> ChannelSale.Outcome {
        let channel = try reading.requireChannel(sale.channel)
        let before = try reading.holds(owner: sale.owner, attempt: 0)
        if !before.isEmpty {
            try assertSame(before, sale.demand, of: sale.owner)
            return .known(before)
        }
        let places = if let only = sale.warehouse { [try reading.requireWarehouse(only)] } else { try openWarehouses() }
        guard let first = places.first else { throw .contradiction("no warehouse is open; open one before sales are booked") }
        var sold: [Hold] = []
        var breaches: [ChannelSale.Breach] = []
        for (sku, wanted) in sale.demand.totals {
            let number = try skuNumber(sku.ref)
            let sellsByRight = try hasRight(channel, number)
            var left = wanted
            var pieces: [Piece] = []
            func take(_ accounts: [StockAccount]) throws(StoreError) {
                for account in accounts {
                    for warehouse in places where left > 0 {
                        let there = try balance(StockPlace(sku: number, warehouse: warehouse.number)).value(of: account)
                        guard there > 0 else { continue }
                        pieces.append(Piece(warehouse, account, min(there, left)))
                        left -= min(there, left)
                    }
                }
            }
            try take([.right(sale.channel)])
            let beyond = left
            // One that sells from the pool it shares breaks nothing while the pool lasts.
            if sellsByRight { try take([.safety]) }
            try freeDue(number, at: places, for: left)
            try take([.pool])
            let unprotected = left
            if !sellsByRight { try take([.safety]) }
            let breach = sellsByRight ? beyond : unprotected
            if left > 0 { pieces.append(Piece(first, .backorder, left)) }
            let parts = sale.demand.parts.filter { $0.sku == sku }
            for assigned in Piece.assign(pieces, to: parts) {
                let place = StockPlace(sku: number, warehouse: assigned.warehouse.number)
                sold.append(
                    try insert(assigned, of: sku.ref, at: place, kind: .sell, owner: sale.owner, attempt: 0, expires: nil))
            }
            try noteSale(wanted, of: number, by: channel, takenAt: sale.takenAt)
            if breach > 0 {
                breaches.append(.init(sku: sku.ref, quantity: breach, owed: left))
                try notice(
                    .breach, at: StockPlace(sku: number, warehouse: first.number), channel: channel, quantity: breach,
                    owed: left, cause: .own("breach/\(sale.owner)/\(sku)"))
            }
        }
        return .sold(sold, breaches: breaches)
    }

    /// Takes back what somebody's time is over for, where the pools alone have too little.
    private func freeDue(_ sku: Int64, at places: [Warehouse], for wanted: Int64) throws(StoreError) {
        var pool: Int64 = 0
        for warehouse in places { pool += try balance(StockPlace(sku: sku, warehouse: warehouse.number)).pool }
        if pool < wanted { _ = try reclaim(sku, at: places, atLeast: wanted - pool) }
    }
}
