import ChannelAdapters
package import Commerce

/// How the shop's orders stand at the hub, as far as the hub has told it.
extension ShopSimulator {
    /// Takes how orders stand; an older version never replaces a newer.
    func takeOrders(_ request: JSON) throws(ShopProblem) -> JSON {
        guard dials.takesOrders else { throw ShopProblem(404, "not_found", "this shop takes no orders' standings") }
        guard let list = request["orders"]?.array, list.count <= dials.batchMax else {
            throw ShopProblem(422, "invalid", "is required: at most \(dials.batchMax)", field: "orders")
        }
        var outcomes: [JSON] = []
        for (index, item) in list.enumerated() {
            guard let order = item["order"]?.string, let version = item["version"]?.integer, item["standing"]?.object != nil else {
                throw ShopProblem(422, "invalid", "order, version and standing are required", field: "orders[\(index)]")
            }
            if dice.falls(dials.reject) {
                outcomes.append(["outcome": "rejected", "reason": "the shop will not have it"])
                continue
            }
            if version > standing[order]?["version"]?.integer ?? 0 { standing[order] = item }
            outcomes.append(["outcome": "stored"])
        }
        return ["outcomes": .array(outcomes)]
    }

    /// By order.
    package func standings() -> [JSON] { standing.keys.sorted().compactMap { standing[$0] } }
}
