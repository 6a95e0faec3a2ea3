package import ChannelAdapters
import Commerce

/// What the shop sells from: a number a SKU, which the hub changes and buyers take from.
extension ShopSimulator {
    /// Sells to a buyer from what is on the shelf.
    ///
    /// - Returns: nil when there is too little, unless the shop is one that sells what it does not have.
    @discardableResult
    package func sell(_ sku: RemoteRef, _ quantity: Int64) -> ShopOrder? {
        let left = shelf[sku] ?? 0
        guard left >= quantity || dials.oversells else { return nil }
        shelf[sku] = left - quantity
        let order = ShopOrder(
            number: "\(channel)-\(dials.generation)-\(orders.count + 1)", sku: sku, quantity: quantity, at: time.now())
        orders.append(order)
        return order
    }

    /// Orders the hub was not told of yet; they count as told from now on.
    package func untoldOrders() -> [ShopOrder] {
        defer { ordersTold = orders.count }
        return Array(orders[ordersTold...])
    }

    /// Changes what is sold from, each once for its key.
    func takeQuantities(_ request: JSON) throws(ShopProblem) -> JSON {
        guard let capability = dials.quantities else { throw ShopProblem(404, "not_found", "this shop is told no quantities") }
        guard let list = request["quantities"]?.array, list.count <= dials.batchMax else {
            throw ShopProblem(422, "invalid", "is required: at most \(dials.batchMax)", field: "quantities")
        }
        var outcomes: [JSON] = []
        for (index, item) in list.enumerated() {
            guard let key = item["op_id"]?.string, let id = item["sku"]?.string else {
                throw ShopProblem(422, "invalid", "op_id and sku are required", field: "quantities[\(index)]")
            }
            if dials.recognisesKeys, let known = remembered[key] {
                let same = known.request == item
                outcomes.append(same ? known.answer ?? .null : ShopSimulator.rejected(key, "op_id was used for another quantity"))
                continue
            }
            let answer = take(item, RemoteRef(kind: .sku, id: id), key, capability)
            if answer["outcome"] == "stored" {
                remembered[key] = RememberedAnswer(request: item, answer: answer)
                ledger[key, default: 0] += 1
            }
            outcomes.append(answer)
        }
        return ["outcomes": .array(outcomes)]
    }

    private func take(_ item: JSON, _ sku: RemoteRef, _ key: String, _ capability: QuantityCapability) -> JSON {
        if dice.falls(dials.defer) { return ["op_id": .string(key), "outcome": "deferred", "retry_after": 1] }
        if dice.falls(dials.reject) { return ShopSimulator.rejected(key, "the shop will not have it") }
        guard entities[sku] != nil else { return ShopSimulator.rejected(key, "it does not list this SKU") }
        let held = shelf[sku] ?? 0
        let other: JSON = ["op_id": .string(key), "outcome": "other", "quantity": .integer(held)]
        switch capability {
        case .adjust:
            guard let by = item["adjust"]?.integer else { return ShopSimulator.rejected(key, "adjust is required") }
            // Giving back what is sold would be promising it twice.
            if by < 0, held + by < 0 { return other }
            shelf[sku] = held + by
        case .compareAndSet:
            guard let from = item["from"]?.integer, let to = item["to"]?.integer else {
                return ShopSimulator.rejected(key, "from and to are required")
            }
            guard from == held else { return other }
            shelf[sku] = to
        case .set:
            guard let number = item["set"]?.integer else { return ShopSimulator.rejected(key, "set is required") }
            shelf[sku] = number
        }
        return ["op_id": .string(key), "outcome": "stored", "quantity": .integer(shelf[sku] ?? 0)]
    }

    private static func rejected(_ key: String, _ reason: String) -> JSON {
        ["op_id": .string(key), "outcome": "rejected", "reason": .string(reason)]
    }

    func tellQuantities(_ request: JSON) throws(ShopProblem) -> JSON {
        guard dials.quantities != nil else { throw ShopProblem(404, "not_found", "this shop is told no quantities") }
        guard let list = request["skus"]?.array?.compactMap(\.string) else {
            throw ShopProblem(422, "invalid", "is required and must be an array of ids", field: "skus")
        }
        var found: [JSON] = []
        for id in list {
            let sku = RemoteRef(kind: .sku, id: id)
            guard entities[sku] != nil else { continue }
            found.append(["sku": .string(id), "quantity": .integer(shelf[sku] ?? 0)])
        }
        return ["quantities": .array(found)]
    }
}
