extension PricePipeline {
    /// What sending costs, split over the lines that are sent by what it is counted by.
    ///
    /// - Throws: `.notDelivered` about the first line that is sent; `.noDestination`; `.tooLarge`.
    mutating func freight() throws(PricingFault) {
        guard let template = request.offers.freight, let first = request.items.firstIndex(where: { $0.measure.isSent })
        else { return }
        do { try template.check() } catch { throw .freight(template.name, error.description) }
        guard let destination = request.offers.destination else { throw .noDestination }
        guard let zone = template.zone(for: destination) else { throw .notDelivered(line: first, destination) }
        let sent = request.items.indices.filter { request.items[$0].measure.isSent }
        var sizes: [Int64] = []
        var size: Int64 = 0
        for index in sent {
            guard let part = template.size(request.items[index]), let sum = size.plus(part) else { throw .tooLarge(line: index) }
            sizes.append(part)
            size = sum
        }
        let amount = sent.reduce(0) { $0 + lines[$1].net }
        let count = sent.reduce(0) { $0 + request.items[$1].quantity }
        guard let fee = zone.fee(size: size, amount: amount, count: count) else { throw .tooLarge(line: first) }
        var parts = lines.map { _ in Int64(0) }
        for (index, part) in zip(sent, LargestRemainder.split(fee, by: sizes)) {
            lines[index].freight = part
            parts[index] = part
        }
        let words = fee == 0 ? "sent free to \(destination)" : "freight to \(destination)"
        note(.freight, template.name, words, parts, evenIfNothing: true)
    }

    /// The tax within each line's price, or on top of it; rounded line by line, half a minor unit up.
    mutating func tax() throws(PricingFault) {
        var added: [TaxRate: [Int64]] = [:]
        for (index, item) in request.items.enumerated() {
            let rate = TaxRate.deciding(item, request.offers)
            guard rate.hundredths > 0 else { continue }
            guard rate.hundredths <= TaxRate.max else { throw .tax(line: index, rate.hundredths) }
            let base = lines[index].net + lines[index].freight
            switch request.offers.tax {
            case .included:
                lines[index].tax = Share.rounded(base, rate.hundredths, per: 10_000 + rate.hundredths)
                added[rate, default: lines.map { _ in 0 }][index] = 0
            case .added:
                lines[index].tax = Share.of(base, hundredths: rate.hundredths)
                lines[index].taxAdded = lines[index].tax
                added[rate, default: lines.map { _ in 0 }][index] = lines[index].tax
            }
        }
        for (rate, parts) in added.sorted(by: { ($0.key.rule, $0.key.hundredths) < ($1.key.rule, $1.key.hundredths) }) {
            let held = request.offers.tax == .included ? "held in the price" : "on top"
            note(.tax, rate.rule, "\(rate) tax, \(held)", parts, evenIfNothing: true)
        }
    }
}
