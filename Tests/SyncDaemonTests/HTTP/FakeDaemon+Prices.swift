import Commerce
import Mall
import Store

@testable import SyncDaemon

extension FakeDaemon: PriceDesk {
    var usual: (currency: Currency, locale: String) { (Currency("CNY")!, "zh-CN") }

    func rules(_ kind: PriceRule.Kind?, _ page: PageRequest) async throws(DeskError) -> Page<StoredPriceRule> { Page([]) }
    func rule(_ id: EntityID) async throws(DeskError) -> StoredPriceRule { throw .notFound("price rule \(id)") }
    func put(_ rule: PriceRule, base: Int64?, by principal: Principal) async throws(DeskError) -> StoredPriceRule {
        throw .contradiction("price rule \(rule.id) is at another version")
    }

    func drop(_ id: EntityID, base: Int64?, by principal: Principal) async throws(DeskError) { throw .notFound("price rule \(id)") }
    func offer(_ basket: Basket) async throws(DeskError) -> Offer { throw .notFound("SKU") }
    func entitlements(of member: EntityID) async throws(DeskError) -> [Entitlement] { [] }
    func issue(_ order: IssueOrder, by principal: Principal) async throws(DeskError) -> Entitlement { throw .notFound(order.id) }
}
