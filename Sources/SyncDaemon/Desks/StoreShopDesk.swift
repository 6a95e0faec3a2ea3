import Commerce
import Mall
import Store

/// Serves those who shop from the store.
struct StoreShopDesk: ShopDesk {
    let store: Store
    let cashier: Cashier
    var news = NewsSignal()
    let checkout = Checkout()
    /// The language and the currency where none is asked for.
    let usual: (locale: String, currency: Currency?)

    func products(
        _ search: ShelfSearch, _ look: ShopLook, _ page: PageRequest, for shopper: Shopper
    ) async throws(DeskError) -> Page<JSON> {
        let after = try page.number() ?? 0
        return try await goods(look, shopper) { goods throws(StoreError) in
            let part = try goods.reading.shelf(search, at: shopper.channel, after: after, limit: page.limit, now: goods.now)
            var rows: [JSON] = []
            for product in part.products { rows.append(try goods.summary(product)) }
            return Page(rows, next: part.next.map { String($0) })
        }
    }

    func product(_ id: EntityID, _ look: ShopLook, for shopper: Shopper) async throws(DeskError) -> JSON {
        try await goods(look, shopper) { goods throws(StoreError) in
            let product = try goods.reading.shelfView(EntityRef(.product, id), at: shopper.channel)
            guard try product.isOnShelf(at: goods.now) else { throw .notFound("product \(id)") }
            return try goods.detail(product)
        }
    }

    func sku(_ id: EntityID, _ look: ShopLook, for shopper: Shopper) async throws(DeskError) -> JSON {
        try await goods(look, shopper) { goods throws(StoreError) in
            let sku = EntityRef(.sku, id)
            guard try goods.reading.isOffered(sku, at: shopper.channel, now: goods.now) else { throw .notFound("SKU \(id)") }
            return try goods.sku(try goods.reading.shelfView(sku, at: shopper.channel))
        }
    }

    private func goods<T: Sendable>(
        _ look: ShopLook, _ shopper: Shopper, _ body: @escaping @Sendable (ShopGoods) throws(StoreError) -> T
    ) async throws(DeskError) -> T {
        let now = store.surroundings.time.now()
        guard let currency = look.currency ?? usual.currency else {
            throw .invalid(field: "currency", reason: "is required: catalog.currency is none")
        }
        let locale = (asked: look.locale, usual: usual.locale)
        return try await store.consult { reading throws(StoreError) in
            try body(
                ShopGoods(
                    reading: reading, channel: try reading.requireChannel(shopper.channel), locale: locale,
                    currency: currency, now: now))
        }
    }
}
