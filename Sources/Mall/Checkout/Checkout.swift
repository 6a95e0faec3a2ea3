package import Commerce
package import Store
import Synchronization

/// Prices baskets, keeps what was offered, and makes orders of offers.
///
/// Everything a price is made of comes from the master record at that moment; a client's number has no way in.
package final class Checkout: Sendable {
    private let book = Mutex<PriceBook?>(nil)
    /// How long an offer stands.
    package static let quoteLifetime = Duration.seconds(900)
    package static let couponsMax = 20

    package init() {}

    /// What a basket costs now.
    ///
    /// - Throws: `.invalid` about the line or member that stands in the way.
    package func offer(_ basket: Basket, _ reading: Reading, now: Timestamp) throws(StoreError) -> Offer {
        let book = try rules(reading)
        try check(basket)
        var items: [PricedItem] = []
        var goods: [Goods] = []
        var places: [EntityID: Int] = [:]
        var tree = CategoryTree()
        for (index, line) in basket.lines.enumerated() {
            if let first = places.updateValue(index, forKey: line.sku) {
                throw Checkout.wrong("lines[\(index)].sku", "is the same as in line \(first); name each once, with all its pieces")
            }
            let found = try Goods(line, at: index, of: basket, reading, now)
            var item = found.item
            if book.asksForCategories { item.categories = try tree.withAbove(found.categories, at: basket.channel, reading) }
            book.apply(to: &item, at: basket.channel, in: basket.currency, isMember: basket.member != nil, now)
            items.append(item)
            goods.append(found)
        }
        let priced = try price(basket, items, book, reading, now)
        let lines = zip(1..., zip(priced.lines, goods)).map { number, pair in
            OrderLine(number: number, title: pair.1.title, priced: pair.0, isSent: pair.1.item.measure.isSent)
        }
        return Offer(
            currency: basket.currency, lines: lines, steps: priced.steps, coupons: basket.coupons, points: priced.points,
            quotas: book.quotas(of: priced.steps), destination: basket.destination, pickUp: basket.pickUp)
    }

    /// Prices a basket and promises the offer for a while.
    package func quote(_ basket: Basket, _ writing: Writing) throws(StoreError) -> (quote: Quote, offer: Offer) {
        let offer = try offer(basket, writing.reading, now: writing.surroundings.time.now())
        return (try writing.offer(offer.json, to: basket.member, at: basket.channel, for: Checkout.quoteLifetime), offer)
    }

    private func rules(_ reading: Reading) throws(StoreError) -> PriceBook {
        let version = try reading.priceBookVersion()
        if let held = book.withLock({ $0 }), held.version == version { return held }
        let loaded = try reading.priceBook()
        // What a transaction has changed and not committed may be undone, and its version given out again.
        if !reading.isOfWriter { book.withLock { $0 = loaded } }
        return loaded
    }

    private func check(_ basket: Basket) throws(StoreError) {
        guard !basket.lines.isEmpty else { throw Checkout.wrong("lines", "must not be empty") }
        guard basket.lines.count <= PricedOrder.linesMax else {
            throw Checkout.wrong("lines", "has \(basket.lines.count) lines, an order has at most \(PricedOrder.linesMax)")
        }
        for (index, line) in basket.lines.enumerated() {
            do throws(ValidationFailure) { try StockQuantity.check(line.quantity, field: "lines[\(index)].quantity") } catch { throw .invalid(error) }
        }
        guard basket.coupons.count <= Checkout.couponsMax, Set(basket.coupons).count == basket.coupons.count else {
            throw Checkout.wrong("coupons", "must be at most \(Checkout.couponsMax), each named once")
        }
        guard basket.points >= 0, basket.points <= StockQuantity.movedMax else {
            throw Checkout.wrong("points", "must be a whole number from 0 to \(StockQuantity.movedMax)")
        }
        if basket.points > 0, basket.member == nil { throw Checkout.wrong("points", "only a member has points") }
    }

    private func price(
        _ basket: Basket, _ items: [PricedItem], _ book: PriceBook, _ reading: Reading, _ now: Timestamp
    ) throws(StoreError) -> PricedOrder {
        var request = PriceRequest(currency: basket.currency, items: items, offers: book.offers(at: basket.channel, in: basket.currency, now), at: now)
        request.offers.destination = basket.destination
        // Who fetches it himself pays nobody to bring it.
        if let place = basket.pickUp {
            request.offers.freight = nil
            guard try !reading.requireWarehouse(place).isClosed else { throw Checkout.wrong("pick_up", "warehouse \(place) is closed") }
        } else if items.contains(where: \.measure.isSent), book.lacksFreight(at: basket.channel, in: basket.currency, now) {
            throw Checkout.wrong("currency", "no freight rule is in \(basket.currency), so nobody knows what sending costs; choose another")
        }
        for (index, id) in basket.coupons.enumerated() {
            let held = try reading.entitlement(.coupon, id)
            guard let held, held.member == nil || held.member == basket.member, let reduction = book.coupon(id, at: basket.channel, in: basket.currency, now)
            else { throw Checkout.wrong("coupons[\(index)]", "there is no such coupon here; leave it out") }
            guard held.isValid(at: now), held.balance.available > 0 else {
                throw Checkout.wrong("coupons[\(index)]", "it was used already, or its time is over; leave it out")
            }
            request.offers.coupons.append(reduction)
        }
        if basket.points > 0, let member = basket.member {
            let held = try reading.entitlement(.points, member.text)
            let there = held.flatMap { $0.isValid(at: now) ? $0.balance.available : nil } ?? 0
            guard there >= basket.points else { throw Checkout.wrong("points", "\(there) are there, \(basket.points) were asked for") }
            guard let points = book.points(basket.points, at: basket.channel, in: basket.currency, now) else {
                throw Checkout.wrong("points", "nothing is paid with points here")
            }
            request.offers.points = points
        }
        // A promotion of which none are left, or none were ever given out, is no promotion for this order.
        var open: [Reduction] = []
        for reduction in request.offers.promotions {
            guard book.isLimited(reduction.id) else {
                open.append(reduction)
                continue
            }
            if let quota = try reading.entitlement(.quota, reduction.id), quota.isValid(at: now), quota.balance.available > 0 { open.append(reduction) }
        }
        request.offers.promotions = open
        do throws(PricingFault) { return try PricePipeline.price(request) } catch {
            let words = error.description.split(separator: ":", maxSplits: 1).map(String.init)
            guard words.count == 2 else { throw Checkout.wrong("lines", error.description) }
            throw Checkout.wrong(words[0].replacing("items[", with: "lines[").replacing("address", with: "destination"), String(words[1].dropFirst()))
        }
    }

    static func wrong(_ field: String, _ reason: String) -> StoreError { .invalid(ValidationFailure(field: field, reason: reason)) }
}

/// What a line of a basket is about.
private struct Goods {
    var item: PricedItem
    let title: String
    /// Those it is filed under itself.
    let categories: [EntityID]

    init(_ line: Basket.Line, at index: Int, of basket: Basket, _ reading: Reading, _ now: Timestamp) throws(StoreError) {
        let field = "lines[\(index)].sku"
        let sku = try reading.shelfView(EntityRef(.sku, line.sku), at: basket.channel)
        guard let identity = try sku.value("identity"), let product = identity["product"]?.string.flatMap({ EntityID($0) }) else {
            throw Checkout.wrong(field, "there is no SKU \(line.sku)")
        }
        let parent = try reading.shelfView(EntityRef(.product, product), at: basket.channel)
        guard try sku.isOnShelf(at: now), try parent.isOnShelf(at: now) else {
            throw Checkout.wrong(field, "\(line.sku) is not sold here now; take it out")
        }
        let ranges = [try sku.listPrice(basket.currency, at: now), try sku.channelPrice(basket.currency, at: now)]
        guard let list = ranges[0] ?? ranges[1] else { throw Checkout.wrong(field, "\(line.sku) has no price in \(basket.currency)") }
        var item = PricedItem(sku: line.sku, product: product, quantity: line.quantity, list: list)
        item.channel = ranges[0] == nil ? nil : ranges[1]
        categories = (try parent.value("categories")?.array ?? []).compactMap { $0.string.flatMap { EntityID($0) } }
        let logistics = try sku.value("logistics")
        item.measure.grams = logistics?["weight_g"]?.integer ?? 0
        item.measure.isSent = logistics?["requires_shipping"]?.bool != false
        let sides = ["length_mm", "width_mm", "height_mm"].map { logistics?[$0]?.integer ?? 0 }
        // Sides are at most a kilometre each by their unit's rule; a box larger than is sent counts as the largest.
        let volume = sides.reduce(1.0) { $0 * Double($1) } / 1_000
        item.measure.cubicCentimetres = Int64(min(volume.rounded(.up), 1e15))
        if let limit = try parent.value("order_limit")?["quantity"]?.integer, line.quantity > limit {
            throw Checkout.wrong("lines[\(index)].quantity", "at most \(limit) pieces of it are sold in one order")
        }
        self.item = item
        let name = try parent.text(basket.locale, usual: basket.locale)?.value["title"]?.string ?? line.sku.text
        let options = (identity["options"]?.array ?? []).compactMap(\.string)
        title = String((options.isEmpty ? name : "\(name) (\(options.joined(separator: ", ")))").prefix(500))
    }
}
