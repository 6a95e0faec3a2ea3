import Commerce
import Mall

/// What somebody wants to know the price of.
struct QuoteOrder: Hashable, Sendable {
    /// What is to be bought: a cart's lines, or these; with neither, the member's own cart.
    var cart: String?
    var lines: [Basket.Line]?
    var look: ShopLook
    var coupons: [String] = []
    var points: Int64 = 0
    var destination: Region?
    var pickUp: WarehouseID?
}

/// A quote that is to become an order, and who gets the goods.
struct CheckoutOrder: Hashable, Sendable {
    var quote: String
    var delivery: Delivery
}
