package import Commerce
package import Store

extension Reading {
    /// The parcels in which what is left of an order can leave: by where its goods are held, and by the seller's rule.
    package func shippingPlan(of number: String) throws(StoreError) -> [SplitParcel] {
        let order = try requireOrder(number)
        let policy = try orderPolicy(of: order.state.placed?.channel)
        var stock: [WarehouseID: [EntityID: Int64]] = [:]
        for hold in try holds(owner: order.owner) where hold.toShip > 0 {
            stock[hold.warehouse, default: [:]][hold.sku.id, default: 0] += hold.toShip
        }
        let lines = order.state.lines.compactMap { state -> SplitLine? in
            let pieces = state.outstanding - state.withheld
            guard pieces > 0 else { return nil }
            return SplitLine(line: state.line.number, sku: state.line.components.first?.sku ?? state.line.priced.sku, pieces: pieces)
        }
        let rest = stock.keys.filter { !policy.warehouses.contains($0) }.sorted()
        let rule = SplitRule(warehouses: policy.warehouses + rest, linesStayWhole: policy.linesStayWhole)
        do throws(SplitShortfall) { return try Splitting.plan(lines, stock: stock, rule: rule) } catch {
            throw .contradiction("order \(number): \(error); receive the goods, or call these pieces off")
        }
    }
}
