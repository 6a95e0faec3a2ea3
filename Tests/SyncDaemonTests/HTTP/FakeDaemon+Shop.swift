import Commerce
import Mall
import Store

@testable import SyncDaemon

extension FakeDaemon: ShopDesk {
    func changes(since: String?, limit: Int, for shopper: Shopper) async throws(DeskError) -> ShopChanges {
        ShopChanges(rows: [], next: "g.0", complete: true)
    }

    func products(
        _ search: ShelfSearch, _ look: ShopLook, _ page: PageRequest, for shopper: Shopper
    ) async throws(DeskError) -> Page<JSON> { Page([]) }

    func product(_ id: EntityID, _ look: ShopLook, for shopper: Shopper) async throws(DeskError) -> JSON { throw .notFound("product \(id)") }
    func sku(_ id: EntityID, _ look: ShopLook, for shopper: Shopper) async throws(DeskError) -> JSON { throw .notFound("SKU \(id)") }

    func openCart(_ edits: [CartEdit], for shopper: Shopper, once key: AnswerKey) async throws(DeskError) -> StandingAnswer {
        throw .notFound("cart")
    }

    func cart(_ id: String?, for shopper: Shopper) async throws(DeskError) -> Cart? { nil }

    func edit(_ order: CartOrder, for shopper: Shopper, once key: AnswerKey) async throws(DeskError) -> StandingAnswer {
        throw .notFound("cart")
    }

    func merge(_ id: String, for shopper: Shopper, once key: AnswerKey) async throws(DeskError) -> StandingAnswer {
        throw .notFound("cart \(id)")
    }

    func quote(_ order: QuoteOrder, for shopper: Shopper, once key: AnswerKey) async throws(DeskError) -> StandingAnswer {
        throw .notFound("cart")
    }

    func checkout(_ order: CheckoutOrder, for shopper: Shopper, once key: AnswerKey) async throws(DeskError) -> StandingAnswer {
        throw .notFound("quote \(order.quote)")
    }

    func orders(_ phase: OrderPhase?, _ page: PageRequest, for shopper: Shopper) async throws(DeskError) -> Page<OrderHead> { Page([]) }
    func order(_ number: String, for shopper: Shopper) async throws(DeskError) -> JSON { throw .notFound("order \(number)") }

    func act(_ act: ShopAct, for shopper: Shopper, once key: AnswerKey) async throws(DeskError) -> StandingAnswer {
        throw .notFound("order \(act.number)")
    }

    func cancel(_ number: String, reason: String, for shopper: Shopper, once key: AnswerKey) async throws(DeskError) -> StandingAnswer {
        throw .notFound("order \(number)")
    }

    func pay(_ number: String, at gateway: String, terms: PaymentTerms, for shopper: Shopper, once key: AnswerKey) async throws(DeskError) -> StandingAnswer {
        throw .notFound("order \(number)")
    }
}
