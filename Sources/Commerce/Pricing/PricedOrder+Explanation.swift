/// One row of how a line's price came about.
package struct PriceRow: Hashable, Sendable {
    package let step: PriceStep.Name
    package let rule: String
    package let words: String
    /// What the step added, in minor units.
    package let change: Int64
    /// What the line came to after it.
    package let after: Int64
}

extension PricedOrder {
    /// How one line's price came about; the last row's ``PriceRow/after`` is what is paid for it.
    package func explanation(ofLine index: Int) -> [PriceRow] {
        var sum: Int64 = 0
        var rows: [PriceRow] = []
        for step in steps where step.touches(index) {
            sum += step.lines[index]
            rows.append(PriceRow(step: step.name, rule: step.rule, words: step.words, change: step.lines[index], after: sum))
        }
        return rows
    }
}

extension PriceStep {
    /// A step without effect on a line says nothing about it, but freight and tax say so when they are nothing.
    fileprivate func touches(_ index: Int) -> Bool {
        lines[index] != 0 || name == .list || name == .freight || name == .tax
    }
}
