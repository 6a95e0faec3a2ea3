package import Commerce
package import Store

/// Goods on a shelf, as an import would leave them.
package struct ShelfSample: Sendable {
    package var id: String
    package var price: Int64
    package var channelPrice: Int64?
    package var grams: Int64
    package var category: String
    package var units: Int64

    package init(_ id: String, price: Int64, channelPrice: Int64? = nil, grams: Int64 = 0, category: String = "cups", units: Int64 = 10) {
        self.id = id
        self.price = price
        self.channelPrice = channelPrice
        self.grams = grams
        self.category = category
        self.units = units
    }

    /// Makes the product and its one SKU, and receives the units.
    package func put(_ writing: Writing, at channel: ChannelID = TradeWorld.web) throws(StoreError) {
        let product = EntityRef(.product, EntityID("p-\(id)")!)
        let sku = EntityRef(.sku, EntityID(id)!)
        var units: [(EntityRef, String, JSON)] = [
            (product, "shelf", ["state": "on"]), (product, "text.zh-CN", ["title": .string("杯子 \(id)")]),
            (product, "categories", [.string(category)]),
            (sku, "identity", ["product": .string("p-\(id)"), "code": .string(id.uppercased())]),
            (sku, "price.CNY", ["amount": .integer(price)]), (sku, "logistics", ["weight_g": .integer(grams)]),
        ]
        if let channelPrice { units.append((sku, "price.CNY@\(channel)", ["amount": .integer(channelPrice)])) }
        for entity in [product, sku] { try writing.create(entity) }
        for (entity, unit, value) in units {
            _ = try writing.apply(UnitWrite(UnitRef(entity, UnitName(unit)!), value, author: "test", origin: .api))
        }
        guard self.units > 0 else { return }
        let order: StockOrder
        do throws(ValidationFailure) {
            order = try StockOrder(.receive(self.units), of: sku, cause: StockCause("start/\(id)"), author: "t")
        } catch { throw .invalid(error) }
        try writing.move(order)
    }
}
