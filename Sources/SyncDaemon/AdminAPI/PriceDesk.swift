import Commerce
import Mall
import Store

/// Shows and sets rules of prices, tries baskets on them, and issues coupons and points.
protocol PriceDesk: Sendable {
    func rules(_ kind: PriceRule.Kind?, _ page: PageRequest) async throws(DeskError) -> Page<StoredPriceRule>
    func rule(_ id: EntityID) async throws(DeskError) -> StoredPriceRule
    /// - Parameter base: the version it was changed from; 0 for a new one, nil where it does not matter.
    func put(_ rule: PriceRule, base: Int64?, by principal: Principal) async throws(DeskError) -> StoredPriceRule
    func drop(_ id: EntityID, base: Int64?, by principal: Principal) async throws(DeskError)
    func offer(_ basket: Basket) async throws(DeskError) -> Offer
    func entitlements(of member: EntityID) async throws(DeskError) -> [Entitlement]
    func issue(_ order: IssueOrder, by principal: Principal) async throws(DeskError) -> Entitlement
    /// The currency and language that are meant where nobody says.
    var usual: (currency: Currency, locale: String) { get }
}

/// Coupons, points or places in a promotion, to be given out.
struct IssueOrder: Hashable, Sendable {
    var kind: EntitlementKind
    var id: String
    var quantity: Int64
    var member: EntityID?
    var startsAt: Timestamp?
    var endsAt: Timestamp?
    var cause: String
}

extension StoredPriceRule {
    var json: JSON {
        guard case .object(var object) = rule.json else { return rule.json }
        object["id"] = .string(rule.id.text)
        object["version"] = .integer(version)
        object["changed_at"] = .integer(changedAt.milliseconds)
        return .object(object)
    }
}

extension Entitlement {
    var json: JSON {
        [
            "kind": .string(kind.rawValue), "id": .string(id), "member": member.map { .string($0.text) } ?? .null,
            "starts_at": startsAt.map { .integer($0.milliseconds) } ?? .null, "ends_at": endsAt.map { .integer($0.milliseconds) } ?? .null,
            "available": .integer(balance.available), "held": .integer(balance.held), "claimed": .integer(balance.claimed),
        ]
    }
}
