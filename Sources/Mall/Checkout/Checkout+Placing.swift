package import Commerce
package import Store

/// What came of wanting to make an order of a quote.
package enum Checking: Sendable {
    case placed(StoredOrder)
    /// It became this order before.
    case known(StoredOrder)
    /// Not all of its goods are there any more.
    case short([HoldOutcome.Shortage])
    /// A coupon, points or a promotion went to somebody else meanwhile.
    case refused(EntitlementKind, id: String, EntitlementOutcome.Refusal)
    /// A new quote is to be asked for.
    case expired(at: Timestamp)
}

/// Who gets an order, which is asked when it is placed and not before.
package struct Delivery: Hashable, Sendable {
    package let name: String
    package let phone: String
    package let address: String
    package let remark: String?

    /// - Throws: ``ValidationFailure`` for a name or a phone that cannot be one.
    package init(name: String, phone: String, address: String, remark: String? = nil) throws(ValidationFailure) {
        guard !name.isEmpty, name.utf8.count <= 100 else { throw ValidationFailure(field: "buyer.name", reason: "must be 1 to 100 bytes") }
        guard (4...40).contains(phone.utf8.count) else { throw ValidationFailure(field: "buyer.phone", reason: "must be 4 to 40 bytes") }
        guard address.utf8.count <= 500 else { throw ValidationFailure(field: "buyer.address", reason: "must be at most 500 bytes") }
        guard remark?.utf8.count ?? 0 <= 500 else { throw ValidationFailure(field: "remark", reason: "must be at most 500 bytes") }
        self.name = name
        self.phone = phone
        self.address = address
        self.remark = remark
    }
}

extension Checkout {
    /// Makes an order of a quote: goods, coupons and points held and the order written down, all of it or nothing.
    ///
    /// Once for each quote: asked again, it answers the order that is there.
    ///
    /// - Throws: `.notFound` for a quote that was given to somebody else.
    package func place(
        _ quoteID: String, _ delivery: Delivery, channel: ChannelID, member: EntityID?, by author: String, _ writing: Writing
    ) throws(StoreError) -> Checking {
        guard let quote = try writing.reading.quote(quoteID, of: channel, member: member) else { throw .notFound("quote \(quoteID)") }
        if let number = quote.usedBy { return .known(try writing.reading.requireOrder(number)) }
        let now = writing.surroundings.time.now()
        guard now < quote.expiresAt else { return .expired(at: quote.expiresAt) }
        let placed: PlacedOrder
        let wanted: EntitlementDemand
        let number = try writing.newOrderNumber()
        do throws(ValidationFailure) {
            let offer = try Offer(quote.body)
            if offer.pickUp == nil, delivery.address.isEmpty {
                throw ValidationFailure(field: "buyer.address", reason: "is required: where does it go?")
            }
            let policy: OrderPolicy
            do throws(StoreError) { policy = try writing.reading.orderPolicy(of: channel) } catch { throw ValidationFailure(field: "channel", reason: "\(error)") }
            wanted = try EntitlementDemand(coupons: offer.coupons, points: offer.points, quotas: offer.quotas, member: member)
            let made = PlacedOrder(
                number: number, channel: channel, member: member,
                buyer: Buyer(
                    name: delivery.name, phone: delivery.phone, region: offer.destination ?? .everywhere, address: delivery.address),
                currency: offer.currency, lines: offer.lines, steps: offer.steps, coupons: offer.coupons, remark: delivery.remark,
                pickUp: offer.pickUp.map { PickUp(place: $0, code: Checkout.code(writing.surroundings.random)) },
                paymentDue: now + policy.paymentWindow)
            // What could not be read back is refused now, while nothing stands.
            placed = try PlacedOrder(made.json)
        } catch { throw .invalid(error) }
        switch try writing.place(placed, entitlements: wanted, by: author) {
        case .placed(let order):
            try writing.use(quote, for: number)
            return .placed(order)
        case .known(let order): return .known(order)
        case .short(let missing): return .short(missing)
        case .refused(let kind, let id, let refusal): return .refused(kind, id: id, refusal)
        }
    }

    /// Eight digits that are told to the buyer alone.
    private static func code(_ random: any RandomSource) -> String {
        let number = random.next() % 100_000_000
        let digits = String(number)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
