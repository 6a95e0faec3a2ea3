/// What an order costs, line by line, and how every number came about.
package struct PricedOrder: Hashable, Sendable {
    package let currency: Currency
    package let lines: [PricedLine]
    package let steps: [PriceStep]
    /// Points used up; may be fewer than offered.
    package let points: Int64

    /// The most lines an order has.
    package static let linesMax = 1_000

    /// What is to be paid, in minor units.
    package var total: Int64 { lines.reduce(0) { $0 + $1.payable } }
    package var freight: Int64 { lines.reduce(0) { $0 + $1.freight } }
    package var tax: Int64 { lines.reduce(0) { $0 + $1.tax } }
}

/// One step of the pipeline that changed something.
package struct PriceStep: Hashable, Sendable {
    package enum Name: String, CaseIterable, Sendable {
        case list, channel, tier, time, promotion, coupon, points, freight, tax
    }

    package let name: Name
    /// Which rule: a tier's, a promotion's or a coupon's number; empty where there is only one.
    package let rule: String
    package let words: String
    /// What it added to each line, in minor units; reductions are negative.
    package let lines: [Int64]

    package var amount: Int64 { lines.reduce(0, +) }
}
