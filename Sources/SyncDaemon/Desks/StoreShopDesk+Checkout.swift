import Commerce
import Mall
import Store

extension StoreShopDesk {
    func quote(_ order: QuoteOrder, for shopper: Shopper, once key: AnswerKey) async throws(DeskError) -> StandingAnswer {
        guard let currency = order.look.currency ?? usual.currency else {
            throw .invalid(field: "currency", reason: "is required: catalog.currency is none")
        }
        let (checkout, locale, now) = (self.checkout, order.look.locale ?? usual.locale, store.surroundings.time.now())
        // Priced beside the writer, who only keeps the outcome.
        let priced = try await store.consult { reading throws(StoreError) -> Result<Offer, StoreError> in
            do throws(StoreError) {
                var basket = Basket(
                    channel: shopper.channel, member: shopper.member, lines: try StoreShopDesk.lines(order, reading, shopper),
                    currency: currency, locale: locale)
                basket.coupons = order.coupons
                basket.points = order.points
                basket.destination = order.destination
                basket.pickUp = order.pickUp
                return .success(try checkout.offer(basket, reading, now: now))
            } catch {
                return .failure(error)
            }
        }
        return try await store.once(key) { writing throws(StoreError) in
            let offer = try priced.get()
            let quote = try writing.offer(offer.json, to: shopper.member, at: shopper.channel, for: Checkout.quoteLifetime)
            return StandingAnswer(quote.json(offer), status: 201)
        }
    }

    func checkout(_ order: CheckoutOrder, for shopper: Shopper, once key: AnswerKey) async throws(DeskError) -> StandingAnswer {
        let checkout = self.checkout
        return try await store.once(key) { writing throws(StoreError) in
            let outcome = try checkout.place(
                order.quote, order.delivery, channel: shopper.channel, member: shopper.member, by: shopper.author, writing)
            switch outcome {
            case .placed(let placed):
                return StandingAnswer(placed.buyersJSON(), status: 201)
            case .known(let known): return StandingAnswer(known.buyersJSON())
            case .short(let missing): return StandingAnswer(.short(missing))
            case .refused(let kind, let id, let refusal): return StandingAnswer(.refused(kind, id, refusal))
            case .expired(let instant): return StandingAnswer(.expiredQuote(instant))
            }
        }
    }

    /// What is to be bought; a cart's lines as they are now.
    private static func lines(_ order: QuoteOrder, _ reading: Reading, _ shopper: Shopper) throws(StoreError) -> [Basket.Line] {
        if let lines = order.lines { return lines }
        let cart: Cart?
        if let id = order.cart {
            guard let found = try visible(id, reading, shopper) else { throw .notFound("cart \(id)") }
            guard found.mergedInto == nil else {
                throw .invalid(ValidationFailure(field: "cart", reason: "went into a member's cart; leave it out as that member"))
            }
            cart = found
        } else {
            cart = try shopper.member.flatMap { member throws(StoreError) in try reading.cart(ofMember: member, at: shopper.channel) }
        }
        return (cart?.lines ?? []).map { Basket.Line(sku: $0.sku.id, quantity: $0.quantity) }
    }
}

extension Quote {
    /// What its buyer is told of it.
    fileprivate func json(_ offer: Offer) -> JSON {
        [
            "id": .string(id), "expires_at": .integer(expiresAt.milliseconds), "currency": .string(offer.currency.code),
            "total": .integer(offer.total), "lines": .array(offer.lines.map(\.quoteJSON)), "steps": .array(offer.steps.map(\.json)),
            "coupons": .array(offer.coupons.map(JSON.string)), "points": .integer(offer.points),
            "destination": offer.destination.map { .array($0.codes.map(JSON.string)) } ?? .null,
            "pick_up": offer.pickUp.map { .string($0.text) } ?? .null,
        ]
    }
}

extension OrderLine {
    fileprivate var quoteJSON: JSON {
        [
            "line": .integer(Int64(number)), "sku": .string(priced.sku.text), "title": .string(title), "quantity": .integer(quantity),
            "unit": .integer(priced.unit), "reduction": .integer(priced.reduction), "points": .integer(priced.points),
            "freight": .integer(priced.freight), "tax": .integer(priced.tax), "payable": .integer(payable),
        ]
    }
}
