import Commerce
import Mall
import Store

extension StoreShopDesk {
    func openCart(_ edits: [CartEdit], for shopper: Shopper, once key: AnswerKey) async throws(DeskError) -> StandingAnswer {
        let fault = try await fault(in: edits, shopper)
        return try await store.once(key) { writing throws(StoreError) in
            if let fault { throw .invalid(fault) }
            let cart = try writing.openCart(at: shopper.channel)
            let outcome = try writing.edit(cart: cart.id, of: shopper.channel, edits)
            guard case .changed(let filled) = outcome else { return StandingAnswer(cart.json, status: 201) }
            return StandingAnswer(filled.json, status: 201)
        }
    }

    func cart(_ id: String?, for shopper: Shopper) async throws(DeskError) -> Cart? {
        try await store.consult { reading throws(StoreError) in
            guard let id else {
                guard let member = shopper.member else { return nil }
                return try reading.cart(ofMember: member, at: shopper.channel)
            }
            return try StoreShopDesk.visible(id, reading, shopper)
        }
    }

    func edit(_ order: CartOrder, for shopper: Shopper, once key: AnswerKey) async throws(DeskError) -> StandingAnswer {
        let fault = try await fault(in: order.edits, shopper)
        return try await store.once(key) { writing throws(StoreError) in
            let cart: Cart
            if let id = order.cart {
                guard let found = try StoreShopDesk.visible(id, writing.reading, shopper) else { throw .notFound("cart \(id)") }
                cart = found
            } else {
                guard let member = shopper.member else { throw .notFound("cart") }
                cart = try writing.openCart(ofMember: member, at: shopper.channel)
            }
            if cart.mergedInto != nil { return StandingAnswer(Problem.mergedCart) }
            if let fault { throw .invalid(fault) }
            // A cart is made empty in its version 1, so who saw none has seen that.
            switch try writing.edit(cart: cart.id, of: shopper.channel, order.edits, since: order.base.map { max(1, $0) }) {
            case .changed(let cart), .unchanged(let cart): return StandingAnswer(cart.json)
            case .conflict(let cart, let lines): return StandingAnswer(.staleCart(cart, lines))
            case .merged: return StandingAnswer(Problem.mergedCart)
            }
        }
    }

    func merge(_ id: String, for shopper: Shopper, once key: AnswerKey) async throws(DeskError) -> StandingAnswer {
        try await store.once(key) { writing throws(StoreError) in
            guard let member = shopper.member, try StoreShopDesk.visible(id, writing.reading, shopper) != nil else {
                throw .notFound("cart \(id)")
            }
            switch try writing.mergeCart(id, of: shopper.channel, into: member) {
            case .changed(let cart), .unchanged(let cart): return StandingAnswer(cart.json)
            case .conflict(let cart, let lines): return StandingAnswer(.staleCart(cart, lines))
            case .merged: return StandingAnswer(Problem.mergedCart)
            }
        }
    }

    /// A cart this shopper may see: a guest's by whoever has its id, a member's by that member.
    static func visible(_ id: String, _ reading: Reading, _ shopper: Shopper) throws(StoreError) -> Cart? {
        guard let cart = try reading.cart(id, of: shopper.channel) else { return nil }
        return cart.member == nil || cart.member == shopper.member ? cart : nil
    }

    /// What is not offered and was to be put in; what is in there may always be taken out.
    ///
    /// Looked up beside the writer, who has better things to do: a shelf that changes meanwhile is told at checkout.
    private func fault(in edits: [CartEdit], _ shopper: Shopper) async throws(DeskError) -> ValidationFailure? {
        let now = store.surroundings.time.now()
        return try await store.consult { reading throws(StoreError) in
            for (index, edit) in edits.enumerated() {
                var isTakenOut = false
                if case .set(_, 0) = edit { isTakenOut = true }
                let isRight =
                    try isTakenOut
                    ? reading.entityNumber(edit.sku) != nil : reading.isOffered(edit.sku, at: shopper.channel, now: now)
                if !isRight {
                    return ValidationFailure(field: "lines[\(index)].sku", reason: "\(edit.sku.id) is not on the shelf here")
                }
            }
            return nil
        }
    }
}
