import Commerce
import Mall
import Store

/// Shows and sets rules of prices on the store.
struct StorePriceDesk: PriceDesk {
    let store: Store
    let checkout: Checkout
    let usual: (currency: Currency, locale: String)

    func rules(_ kind: PriceRule.Kind?, _ page: PageRequest) async throws(DeskError) -> Page<StoredPriceRule> {
        try await store.consult { reading throws(StoreError) in
            let found = try reading.priceRules(kind, after: page.after ?? "", limit: page.limit + 1)
            let shown = Array(found.prefix(page.limit))
            return Page(shown, next: found.count > shown.count ? shown.last?.rule.id.text : nil)
        }
    }

    func rule(_ id: EntityID) async throws(DeskError) -> StoredPriceRule {
        try await store.consult { reading throws(StoreError) in
            guard let found = try reading.priceRule(id) else { throw .notFound("price rule \(id)") }
            return found
        }
    }

    func put(_ rule: PriceRule, base: Int64?, by principal: Principal) async throws(DeskError) -> StoredPriceRule {
        try await store.change { writing throws(StoreError) in
            let stored = try writing.putPriceRule(rule, base: base)
            try writing.audit(
                principal: principal.name, action: "price.put", subject: "price-rule/\(rule.id)", detail: "version \(stored.version)")
            return .success(stored)
        }
    }

    func drop(_ id: EntityID, base: Int64?, by principal: Principal) async throws(DeskError) {
        try await store.change { writing throws(StoreError) in
            try writing.dropPriceRule(id, base: base)
            try writing.audit(principal: principal.name, action: "price.drop", subject: "price-rule/\(id)", detail: "")
            return .success(())
        }
    }

    func offer(_ basket: Basket) async throws(DeskError) -> Offer {
        let (checkout, now) = (self.checkout, store.surroundings.time.now())
        return try await store.consult { reading throws(StoreError) in
            // Goods are named as people name them.
            var named = basket
            named.lines = []
            for line in basket.lines {
                let sku = try StoreStockDesk.sku(line.sku.text, reading)
                named.lines.append(Basket.Line(sku: sku.id, quantity: line.quantity))
            }
            return try checkout.offer(named, reading, now: now)
        }
    }

    func entitlements(of member: EntityID) async throws(DeskError) -> [Entitlement] {
        try await store.consult { reading throws(StoreError) in try reading.entitlements(of: member, limit: 1_000) }
    }

    func issue(_ order: IssueOrder, by principal: Principal) async throws(DeskError) -> Entitlement {
        try await store.change { writing throws(StoreError) in
            let cause: StockCause
            do throws(ValidationFailure) { cause = try StockCause(order.cause) } catch { throw .invalid(error) }
            if order.kind == .coupon {
                guard let rule = PriceRule.rule(ofCoupon: order.id), try writing.reading.priceRule(rule)?.rule.kind == .coupon else {
                    throw .invalid(
                        ValidationFailure(field: "id", reason: "must be RULE.SERIAL of a coupon rule that is there, such as spring.0001"))
                }
            }
            let isNew = try writing.issue(
                order.kind, order.id, order.quantity, to: order.member, from: order.startsAt, until: order.endsAt, cause: cause,
                author: principal.name)
            if isNew {
                try writing.audit(
                    principal: principal.name, action: "entitlement.issue", subject: "\(order.kind.rawValue)/\(order.id)",
                    detail: "\(order.quantity), \(order.cause)")
            }
            guard let found = try writing.reading.entitlement(order.kind, order.id) else { throw .failed("\(order.id) is gone") }
            return .success(found)
        }
    }
}
