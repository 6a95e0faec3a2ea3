extension PricePipeline {
    /// What one piece of each line costs before anything is taken off the order as a whole.
    mutating func piecePrices() {
        note(.list, "", "list price", lines.map(\.gross))
        setPieces(.channel, words: { _ in "the channel's own price" }) { item, _ in item.channel.map { ("", $0) } }
        let pieces = piecesBySKU
        setPieces(.tier, words: { "price of \($0)" }) { item, unit in
            // The cheapest tier that is reached; a tier never makes dearer what is cheaper already.
            item.tiers.filter { $0.fromQuantity <= pieces[item.sku, default: 0] && $0.unit < unit }
                .min { ($0.unit, $0.name) < ($1.unit, $1.name) }.map { ($0.name, $0.unit) }
        }
        let at = request.at
        setPieces(.time, words: { "\($0), for a time" }) { item, unit in
            item.timed.filter { $0.begins <= at && at < $0.ends }.map { ($0.name, $0.applied(to: unit)) }
                .filter { $0.1 < unit }.min { ($0.1, $0.0) < ($1.1, $1.0) }
        }
    }

    /// One SKU on two lines reaches a tier by both.
    private var piecesBySKU: [EntityID: Int64] {
        request.items.reduce(into: [:]) { $0[$1.sku, default: 0] += $1.quantity }
    }

    private mutating func setPieces(
        _ name: PriceStep.Name, words: (String) -> String, _ choose: (PricedItem, Int64) -> (rule: String, unit: Int64)?
    ) {
        var changes: [String: [Int64]] = [:]
        for (index, item) in request.items.enumerated() {
            guard let chosen = choose(item, lines[index].unit), chosen.unit != lines[index].unit else { continue }
            let before = lines[index].gross
            lines[index].unit = chosen.unit
            changes[chosen.rule, default: lines.map { _ in 0 }][index] = lines[index].gross - before
        }
        for rule in changes.keys.sorted() { note(name, rule, words(rule), changes[rule] ?? []) }
    }
}

extension TimedPrice {
    func applied(to unit: Int64) -> Int64 {
        switch reduction {
        case .unit(let price): max(0, price)
        // Rounded to the nearest minor unit off, half a one up.
        case .percentOff(let hundredths): unit - Share.of(unit, hundredths: min(10_000, max(0, hundredths)))
        }
    }
}

/// Hundredths of a percent of an amount.
enum Share {
    /// Rounded to the nearest minor unit, half a one up; exact for every amount there is.
    static func of(_ amount: Int64, hundredths: Int64) -> Int64 { rounded(amount, hundredths, per: 10_000) }

    /// `amount × part ÷ whole` without overflow, half a unit rounded up.
    static func rounded(_ amount: Int64, _ part: Int64, per whole: Int64) -> Int64 {
        precondition(amount >= 0 && part >= 0 && whole > 0 && part <= whole * 10, "a share of nothing sensible")
        let product = amount.multipliedFullWidth(by: part)
        let (quotient, remainder) = whole.dividingFullWidth(product)
        return quotient + (remainder >= whole - remainder ? 1 : 0)
    }
}
