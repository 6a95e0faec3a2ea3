/// Why an order cannot be priced.
package enum PricingFault: Error, Hashable, Sendable, CustomStringConvertible {
    case noItems
    case tooManyLines(Int)
    case quantity(line: Int, Int64)
    case price(line: Int, Int64)
    case tooLarge(line: Int)
    case measure(line: Int)
    case tax(line: Int, Int64)
    case freight(String, String)
    case notDelivered(line: Int, Region)
    case noDestination
    case coupon(id: String, reason: String)

    package var description: String {
        switch self {
        case .noItems: "there is nothing to price"
        case .tooManyLines(let count): "items: has \(count) lines, an order has at most \(PricedOrder.linesMax)"
        case .quantity(let line, let quantity):
            "items[\(line)].quantity: must be 1…\(StockQuantity.movedMax), got \(quantity)"
        case .price(let line, let amount): "items[\(line)]: \(amount) is no price"
        case .tooLarge(let line): "items[\(line)]: with it the order comes to more than \(Money.amountMax) minor units; order less"
        case .tax(let line, let rate):
            "items[\(line)]: a tax of \(rate) hundredths of a percent; rates go up to \(TaxRate.max), correct the rule"
        case .measure(let line): "items[\(line)]: its weight or volume is negative; correct the goods"
        case .freight(let name, let reason): "freight template \(name): \(reason)"
        case .notDelivered(let line, let region): "items[\(line)]: is not delivered to \(region)"
        case .noDestination: "address: freight depends on where it goes; give a region"
        case .coupon(let id, let reason): "coupons: \(id) cannot be used: \(reason)"
        }
    }
}
