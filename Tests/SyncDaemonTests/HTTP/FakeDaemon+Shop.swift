import Commerce
import Store

@testable import SyncDaemon

extension FakeDaemon: ShopDesk {
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
}
