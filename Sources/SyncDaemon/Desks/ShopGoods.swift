import Commerce
import Mall
import Store

/// Says what goods are, as one channel's shoppers are shown them.
///
/// A closed list of members: what a purchase cost or where a file came from is never among them.
struct ShopGoods {
    let reading: Reading
    let channel: ChannelRecord
    let locale: (asked: String?, usual: String)
    let currency: Currency
    let now: Timestamp

    /// A product in a list.
    func summary(_ product: ShelfView) throws(StoreError) -> JSON {
        var prices: [Int64] = []
        var best = ShelfStock.State.out
        for sku in try reading.shelfSKUs(of: product.entity.id, at: channel.id, now: now) {
            if let price = try sku.price(currency, at: now) { prices.append(price.amount.amount) }
            let state = try reading.shelfStock(sku.entity, to: channel, now: now).state
            if state == .inStock || best == .out { best = state }
        }
        var object = try words(product, all: false)
        object["price"] = prices.isEmpty
            ? .null
            : [
                "from": .integer(prices.min() ?? 0), "to": .integer(prices.max() ?? 0), "currency": .string(currency.code),
            ]
        object["stock"] = .string(best.rawValue)
        return .object(object)
    }

    func detail(_ product: ShelfView) throws(StoreError) -> JSON {
        var object = try words(product, all: true)
        var skus: [JSON] = []
        for view in try reading.shelfSKUs(of: product.entity.id, at: channel.id, now: now) { skus.append(try sku(view)) }
        object["skus"] = .array(skus)
        return .object(object)
    }

    func sku(_ view: ShelfView) throws(StoreError) -> JSON {
        let identity = try view.value("identity") ?? [:]
        let price = try view.price(currency, at: now)
        let stock = try reading.shelfStock(view.entity, to: channel, now: now)
        let showsNumbers = channel.settings["stock_shown"]?.string != "words"
        return [
            "id": .string(view.entity.id.text), "product": identity["product"] ?? .null, "code": identity["code"] ?? .null,
            "options": identity["options"] ?? [], "barcode": try view.value("barcode")?["code"] ?? .null,
            "media": try view.value("media") ?? [],
            "price": price.map { price in
                [
                    "amount": .integer(price.amount.amount), "currency": .string(currency.code),
                    "compare_at": price.compareAt.map { .integer($0.amount) } ?? .null,
                    "until": price.until.map { .integer($0.milliseconds) } ?? .null,
                ]
            } ?? .null,
            "stock": ["state": .string(stock.state.rawValue), "quantity": showsNumbers ? .integer(stock.quantity) : .null],
            "can_be_bought": .bool(price != nil && stock.state != .out),
        ]
    }

    private func words(_ product: ShelfView, all: Bool) throws(StoreError) -> JSONObject {
        let text = try product.text(locale.asked, usual: locale.usual)
        let media = try product.value("media")?.array ?? []
        var object = JSONObject()
        object["id"] = .string(product.entity.id.text)
        object["locale"] = text.map { .string($0.locale) } ?? .null
        object["title"] = text?.value["title"] ?? .null
        object["brief"] = text?.value["brief"] ?? .null
        object["brand"] = try brand(product)
        object["categories"] = try product.value("categories") ?? []
        object["tags"] = try product.value("tags") ?? []
        object["media"] = .array(all ? media : Array(media.prefix(1)))
        guard all else { return object }
        object["body"] = text?.value["body"] ?? .null
        object["seo_title"] = text?.value["seo_title"] ?? .null
        object["seo_description"] = text?.value["seo_description"] ?? .null
        object["options"] = try product.value("options") ?? []
        object["attributes"] = try product.value("attributes") ?? [:]
        object["unit_of_sale"] = try product.value("unit_of_sale")?["name"] ?? .null
        object["age_limit"] = try product.value("age_limit")?["years"] ?? .null
        object["order_limit"] = try product.value("order_limit")?["quantity"] ?? .null
        return object
    }

    private func brand(_ product: ShelfView) throws(StoreError) -> JSON {
        guard let brand = try product.value("brand") else { return .null }
        guard let id = brand["id"]?.string, let known = EntityID(id) else { return ["id": .null, "name": brand["name"] ?? .null] }
        let name = try reading.shelfView(EntityRef(.brand, known), at: channel.id).text(locale.asked, usual: locale.usual)
        return ["id": .string(id), "name": name?.value["title"] ?? .string(id)]
    }
}
