/// Works out what an order costs: list, channel, tier, time discount, promotion, coupon, points, freight, tax, in this order.
///
/// Pure and whole-numbered: the same request always gives the same answer, each step's parts
/// add up to it, and every step that changed something says so in ``PricedOrder/steps``.
package struct PricePipeline {
    let request: PriceRequest
    var lines: [PricedLine]
    private var steps: [PriceStep] = []
    var points: Int64 = 0

    /// - Throws: ``PricingFault``, about the first line that is wrong.
    package static func price(_ request: PriceRequest) throws(PricingFault) -> PricedOrder {
        var pipeline = try PricePipeline(request)
        pipeline.piecePrices()
        pipeline.promotions()
        try pipeline.coupons()
        pipeline.payWithPoints()
        try pipeline.freight()
        try pipeline.tax()
        try pipeline.bound()
        return PricedOrder(
            currency: request.currency, lines: pipeline.lines, steps: pipeline.steps, points: pipeline.points)
    }

    private init(_ request: PriceRequest) throws(PricingFault) {
        guard !request.items.isEmpty else { throw .noItems }
        guard request.items.count <= PricedOrder.linesMax else { throw .tooManyLines(request.items.count) }
        var sum: Int64 = 0
        for (index, item) in request.items.enumerated() {
            guard (1...StockQuantity.movedMax).contains(item.quantity) else { throw .quantity(line: index, item.quantity) }
            guard item.measure.grams >= 0, item.measure.cubicCentimetres >= 0 else { throw .measure(line: index) }
            let prices = [item.list] + (item.channel.map { [$0] } ?? []) + item.tiers.map(\.unit)
            if let wrong = prices.first(where: { !(0...Money.amountMax).contains($0) }) { throw .price(line: index, wrong) }
            // Only the channel's price may be dearer than the list's, so no sum of a later step can be too large.
            let gross = max(item.list, item.channel ?? 0).multipliedReportingOverflow(by: item.quantity)
            let total = sum.addingReportingOverflow(gross.partialValue)
            guard !gross.overflow, !total.overflow, total.partialValue <= Money.amountMax else { throw .tooLarge(line: index) }
            sum = total.partialValue
        }
        self.request = request
        lines = request.items.map { PricedLine(sku: $0.sku, quantity: $0.quantity, unit: $0.list) }
    }

    /// What was added on top may not make it more than is money.
    private func bound() throws(PricingFault) {
        var sum: Int64 = 0
        for (index, line) in lines.enumerated() {
            sum += line.payable
            guard sum <= Money.amountMax else { throw .tooLarge(line: index) }
        }
    }

    mutating func note(
        _ name: PriceStep.Name, _ rule: String, _ words: String, _ amounts: [Int64], evenIfNothing: Bool = false
    ) {
        if evenIfNothing || amounts.contains(where: { $0 != 0 }) {
            steps.append(PriceStep(name: name, rule: rule, words: words, lines: amounts))
        }
    }
}
