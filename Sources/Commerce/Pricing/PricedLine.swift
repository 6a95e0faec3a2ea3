/// One line's share of everything; stored with the order, so that a refund gives back what was paid and computes nothing.
package struct PricedLine: Hashable, Sendable {
    package let sku: EntityID
    package let quantity: Int64
    /// One piece after channel, tier and time discount.
    package internal(set) var unit: Int64
    /// Taken off this line by promotions, coupons and points.
    package internal(set) var reduction: Int64 = 0
    /// Points that were used up for it; part of the reduction is what they were worth.
    package internal(set) var points: Int64 = 0
    package internal(set) var freight: Int64 = 0
    /// Within the price or on top of it, see ``taxAdded``.
    package internal(set) var tax: Int64 = 0
    /// What of the tax the buyer pays on top.
    package internal(set) var taxAdded: Int64 = 0

    /// For an order whose shares somebody else worked out, such as a channel.
    package init(
        sku: EntityID, quantity: Int64, unit: Int64, reduction: Int64 = 0, points: Int64 = 0, freight: Int64 = 0,
        tax: Int64 = 0, taxAdded: Int64 = 0
    ) {
        self.sku = sku
        self.quantity = quantity
        self.unit = unit
        self.reduction = reduction
        self.points = points
        self.freight = freight
        self.tax = tax
        self.taxAdded = taxAdded
    }

    package var gross: Int64 { unit * quantity }
    package var net: Int64 { gross - reduction }
    /// The goods and the tax on top of them, without what sending cost.
    package var goods: Int64 { net + taxAdded }
    package var payable: Int64 { goods + freight }

    /// What `pieces` of the line's quantity were paid with, so that all parts of it add up to the whole
    /// in whatever portions they are given back.
    ///
    /// - Parameters:
    ///   - before: pieces given back already.
    ///   - withFreight: whether sending is given back too; a right to that is the seller's or the law's to say.
    package func paid(for pieces: Int64, before: Int64, withFreight: Bool) -> Int64 {
        let goods = part(of: goods, pieces, before)
        return withFreight ? goods + part(of: freight, pieces, before) : goods
    }

    /// Points that went into `pieces`.
    package func points(for pieces: Int64, before: Int64) -> Int64 { part(of: points, pieces, before) }

    private func part(of amount: Int64, _ pieces: Int64, _ before: Int64) -> Int64 {
        precondition(before >= 0 && pieces >= 0 && before + pieces <= quantity, "more pieces than the line has")
        return upTo(before + pieces, of: amount) - upTo(before, of: amount)
    }

    private func upTo(_ pieces: Int64, of amount: Int64) -> Int64 {
        quantity.dividingFullWidth(amount.multipliedFullWidth(by: pieces)).quotient
    }
}
