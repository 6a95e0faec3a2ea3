/// What a unit of a SKU counts as at a warehouse.
///
/// Every movement takes units from one account and gives them to another, so nothing
/// comes from nowhere: what enters or leaves the house does so through ``outside``.
package enum StockAccount: Hashable, Sendable {
    /// Suppliers, customers, the bin; unbounded, and never shown as a balance.
    case outside
    /// Free to be held, granted or moved.
    case pool
    /// Kept back; covers what a channel sold beyond its rights.
    case safety
    /// What a channel may sell without asking.
    case right(ChannelID)
    /// Held for orders that are not paid yet.
    case reserved
    /// Paid for and still in the house.
    case sold
    /// In the house and not to be sold.
    case damaged
    /// On its way to this warehouse.
    case transit
    /// Promised and not there: a debt, which the next goods to arrive pay first.
    case backorder
}

extension StockAccount: CustomStringConvertible {
    /// As entries name it: `pool`, `right:web`.
    package var description: String {
        switch self {
        case .outside: "outside"
        case .pool: "pool"
        case .safety: "safety"
        case .right(let channel): "right:\(channel.text)"
        case .reserved: "reserved"
        case .sold: "sold"
        case .damaged: "damaged"
        case .transit: "transit"
        case .backorder: "backorder"
        }
    }

    /// Reads what ``description`` writes; nil for anything else.
    package init?(_ text: String) {
        if text.hasPrefix("right:") {
            guard let channel = ChannelID(String(text.dropFirst(6))) else { return nil }
            self = .right(channel)
            return
        }
        guard let account = StockAccount.plain.first(where: { $0.description == text }) else { return nil }
        self = account
    }

    /// All accounts but the channels' rights.
    package static let plain: [StockAccount] = [
        .outside, .pool, .safety, .reserved, .sold, .damaged, .transit, .backorder,
    ]

    /// The account without its channel, as ``StockEntryKind`` speaks of it.
    var family: Family {
        switch self {
        case .outside: .outside
        case .pool: .pool
        case .safety: .safety
        case .right: .right
        case .reserved: .reserved
        case .sold: .sold
        case .damaged: .damaged
        case .transit: .transit
        case .backorder: .backorder
        }
    }

    enum Family: String, CaseIterable, Sendable { case outside, pool, safety, right, reserved, sold, damaged, transit, backorder }
}
