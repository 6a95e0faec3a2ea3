import Commerce
import Mall
import Store

/// Does for those who shop at a channel what the shop API is asked.
///
/// The shopper is proven when a desk is called. What belongs to another channel or member does
/// not exist for them. Whatever changes something takes a key and is done once under it.
protocol ShopDesk: Sendable {
    /// Rings when the feed moves.
    var news: NewsSignal { get }
    /// Stock and orders that are otherwise since a cursor, each once, as it is now.
    func changes(since: String?, limit: Int, for shopper: Shopper) async throws(DeskError) -> ShopChanges

    /// What is on the channel's shelf, each as `ShopProductList` says.
    func products(
        _ search: ShelfSearch, _ look: ShopLook, _ page: PageRequest, for shopper: Shopper
    ) async throws(DeskError) -> Page<JSON>
    func product(_ id: EntityID, _ look: ShopLook, for shopper: Shopper) async throws(DeskError) -> JSON
    func sku(_ id: EntityID, _ look: ShopLook, for shopper: Shopper) async throws(DeskError) -> JSON

    /// A guest's cart, found later by its id alone.
    func openCart(_ edits: [CartEdit], for shopper: Shopper, once key: AnswerKey) async throws(DeskError) -> StandingAnswer
    /// - Parameter id: nil for the member's own, which is nil where they never had one.
    func cart(_ id: String?, for shopper: Shopper) async throws(DeskError) -> Cart?
    func edit(_ order: CartOrder, for shopper: Shopper, once key: AnswerKey) async throws(DeskError) -> StandingAnswer
    /// Puts a guest's cart into the member's.
    func merge(_ id: String, for shopper: Shopper, once key: AnswerKey) async throws(DeskError) -> StandingAnswer

    /// Prices what is to be bought, and promises the prices for a while.
    func quote(_ order: QuoteOrder, for shopper: Shopper, once key: AnswerKey) async throws(DeskError) -> StandingAnswer
    /// Makes an order of a quote, once.
    func checkout(_ order: CheckoutOrder, for shopper: Shopper, once key: AnswerKey) async throws(DeskError) -> StandingAnswer

    /// The member's orders at the channel, newest first; none for a guest, whose orders are found by their numbers.
    func orders(_ phase: OrderPhase?, _ page: PageRequest, for shopper: Shopper) async throws(DeskError) -> Page<OrderHead>
    func order(_ number: String, for shopper: Shopper) async throws(DeskError) -> JSON
    func act(_ act: ShopAct, for shopper: Shopper, once key: AnswerKey) async throws(DeskError) -> StandingAnswer
    func cancel(_ number: String, reason: String, for shopper: Shopper, once key: AnswerKey) async throws(DeskError) -> StandingAnswer
    func pay(
        _ number: String, at gateway: String, terms: PaymentTerms, for shopper: Shopper, once key: AnswerKey
    ) async throws(DeskError) -> StandingAnswer
}

/// What a buyer does to an order.
struct ShopAct: Hashable, Sendable {
    let number: String
    let act: OrderAct
    /// The after-sale case it is about, which must be the order's.
    let caseID: EntityID?
}

/// What somebody wants done to a cart.
struct CartOrder: Hashable, Sendable {
    /// nil for the member's own.
    var cart: String?
    var edits: [CartEdit]
    /// The version they had seen; 0 for a cart that was not there, nil where it does not matter.
    var base: Int64?
}
