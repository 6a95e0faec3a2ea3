import Commerce
import Mall
import Store

extension StoreShopDesk {
    func changes(since: String?, limit: Int, for shopper: Shopper) async throws(DeskError) -> ShopChanges {
        let start = try position(since)
        let (now, generation) = (store.surroundings.time.now(), store.life.generation)
        return try await store.consult { reading throws(StoreError) in
            let channel = try reading.requireChannel(shopper.channel)
            let moves = try reading.shopMoves(of: channel, after: start, limit: limit + 1)
            var rows: [JSON] = []
            for move in moves.prefix(limit) {
                switch move.subject {
                case .stock(let sku):
                    guard try reading.isOffered(sku, at: channel.id, now: now) else { continue }
                    let stock = try reading.shelfStock(sku, to: channel, now: now)
                    let showsNumbers = channel.settings["stock_shown"]?.string != "words"
                    rows.append([
                        "what": "stock", "sku": .string(sku.id.text), "state": .string(stock.state.rawValue),
                        "quantity": showsNumbers ? .integer(stock.quantity) : .null,
                    ])
                case .order(let number):
                    let order = try reading.requireOrder(number)
                    rows.append([
                        "what": "order", "number": .string(number), "state": .string(order.state.phase.rawValue),
                        "member": order.state.placed?.member.map { .string($0.text) } ?? .null, "version": .integer(order.edition),
                    ])
                }
            }
            let end = moves.prefix(limit).last?.sequence ?? start
            return ShopChanges(rows: rows, next: "\(generation).\(end)", complete: moves.count <= limit)
        }
    }

    /// Cursors are `generation.position`, so that one of another life is noticed.
    private func position(_ cursor: String?) throws(DeskError) -> Int64 {
        guard let cursor else { return 0 }
        let parts = cursor.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let position = Int64(parts[1]), position >= 0 else {
            throw .invalid(field: "since", reason: "is not a cursor this hub gave out")
        }
        guard parts[0] == store.life.generation else { throw .gone("the cursor belongs to an earlier life of this store") }
        return position
    }
}
