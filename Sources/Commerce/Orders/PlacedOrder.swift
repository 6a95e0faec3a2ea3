/// What was ordered, by whom, through which channel, and what each part of it costs.
///
/// An order pulled from a channel and one placed at our own checkout are the same thing.
package struct PlacedOrder: Hashable, Sendable {
    package let number: String
    package let channel: ChannelID
    /// What the channel calls it, where the channel took it.
    package let externalNumber: String?
    /// The buyer's membership; nil for a guest.
    package let member: EntityID?
    package let buyer: Buyer
    package let currency: Currency
    package let lines: [OrderLine]
    /// How the prices came about; none for an order a channel priced.
    package let steps: [PriceStep]
    package let coupons: [String]
    package let remark: String?
    package let pickUp: PickUp?
    /// Until when it may be paid; nil for one that waits for nothing.
    package let paymentDue: Timestamp?

    /// - Parameter lines: at least one, numbered from 1 on without a gap.
    package init(
        number: String, channel: ChannelID, externalNumber: String? = nil, member: EntityID? = nil, buyer: Buyer,
        currency: Currency, lines: [OrderLine], steps: [PriceStep] = [], coupons: [String] = [], remark: String? = nil,
        pickUp: PickUp? = nil, paymentDue: Timestamp? = nil
    ) {
        precondition(
            !lines.isEmpty && zip(1..., lines).allSatisfy { $0 == $1.number }, "an order's lines are numbered from 1 on")
        self.number = number
        self.channel = channel
        self.externalNumber = externalNumber
        self.member = member
        self.buyer = buyer
        self.currency = currency
        self.lines = lines
        self.steps = steps
        self.coupons = coupons
        self.remark = remark
        self.pickUp = pickUp
        self.paymentDue = paymentDue
    }

    /// What is to be paid, unless it was repriced; see ``OrderMoney/total``.
    package var total: Int64 { lines.reduce(0) { $0 + $1.payable } }
}

/// Who gets it, and where.
package struct Buyer: Hashable, Sendable {
    package let name: String
    package let phone: String
    package let region: Region
    package let address: String

    package init(name: String, phone: String, region: Region, address: String) {
        self.name = name
        self.phone = phone
        self.region = region
        self.address = address
    }

    /// What a clerk may ask for without knowing the whole number.
    package var phoneTail: String { String(phone.suffix(4)) }
}

/// Where the buyer fetches the goods, and by which code they are handed over.
package struct PickUp: Hashable, Sendable {
    package let place: WarehouseID
    package let code: String

    package init(place: WarehouseID, code: String) {
        self.place = place
        self.code = code
    }
}
