extension StockBalance {
    /// Brings units to the pool, after the debt is paid.
    ///
    /// - Returns: the steps it took.
    package mutating func bring(_ quantity: Int64, from account: StockAccount) throws(StockShortfall) -> [StockStep] {
        let owed = min(quantity, backordered)
        return try take([StockStep(account, .backorder, owed), StockStep(account, .pool, quantity - owed)], forcing: false)
    }

    /// Draws units for an account from others, from each as far as it goes, in their order.
    ///
    /// - Parameter forcing: a debt at the end may go beyond its limit.
    /// - Throws: ``StockShortfall`` with what all of them hold; nothing changed then.
    package mutating func draw(
        _ quantity: Int64, to account: StockAccount, from sources: [StockAccount], forcing: Bool = false
    ) throws(StockShortfall) -> [StockStep] {
        var steps: [StockStep] = []
        var left = quantity
        for source in sources where left > 0 {
            let there =
                switch source {
                case .outside: left
                case .backorder: forcing ? left : backorderRoom
                default: value(of: source)
                }
            let taken = min(left, there)
            guard taken > 0 else { continue }
            steps.append(StockStep(source, account, taken))
            left -= taken
        }
        guard left == 0 else {
            throw StockShortfall(account: sources.first ?? account, wanted: quantity, there: quantity - left)
        }
        return try take(steps, forcing: forcing)
    }

    /// Makes the book say what was counted of sellable goods in the house.
    ///
    /// What is missing comes off the pool, then off the safety stock; the rest was promised
    /// already and becomes a debt.
    ///
    /// - Returns: the steps, none when the book was right.
    package mutating func count(_ counted: Int64) throws(StockShortfall) -> [StockStep] {
        let variance = counted - onHand
        if variance >= 0 { return try bring(variance, from: .outside) }
        return try draw(-variance, to: .outside, from: [.pool, .safety, .backorder], forcing: true)
    }

    /// Sets the safety stock, from the pool or back to it.
    package mutating func protect(_ wanted: Int64) throws(StockShortfall) -> [StockStep] {
        if wanted >= safety { return try take([StockStep(.pool, .safety, wanted - safety)], forcing: false) }
        return try bring(safety - wanted, from: .safety)
    }

    /// Takes all steps or none.
    private mutating func take(_ steps: [StockStep], forcing: Bool) throws(StockShortfall) -> [StockStep] {
        var changed = self
        var taken: [StockStep] = []
        for step in steps where step.quantity > 0 {
            try changed.apply(step, forcing: forcing)
            taken.append(step)
        }
        self = changed
        return taken
    }
}
