/// Splits a whole number by weights so that the parts add up to it exactly.
///
/// Each part is its exact share rounded down; what is left goes one by one to the parts
/// with the greatest remainders, the earlier part first when they are equal (Hamilton's method).
/// The same amount by the same weights is always the same split, so a refund can give back
/// what was stored and nothing is ever computed twice.
package enum LargestRemainder {
    /// - Parameters:
    ///   - amount: What is split; a negative one is split like its magnitude.
    ///   - weights: At least one, none negative. All zero: the amount is split evenly.
    /// - Returns: as many parts as weights, of the amount's sign, their sum the amount.
    package static func split(_ amount: Int64, by weights: [Int64]) -> [Int64] {
        precondition(!weights.isEmpty, "an amount cannot be split among nobody")
        precondition(weights.allSatisfy { $0 >= 0 }, "a weight is negative")
        let even = weights.allSatisfy { $0 == 0 }
        let weights = even ? weights.map { _ in 1 } : weights
        let total = weights.reduce(0) { $0 + UInt64($1) }
        let magnitude = amount.magnitude
        var parts: [UInt64] = []
        var remainders: [UInt64] = []
        for weight in weights {
            let product = magnitude.multipliedFullWidth(by: UInt64(weight))
            let (quotient, remainder) = total.dividingFullWidth(product)
            parts.append(quotient)
            remainders.append(remainder)
        }
        let left = magnitude - parts.reduce(0, +)
        let order = remainders.indices.sorted { (remainders[$1], $0) < (remainders[$0], $1) }
        for index in order.prefix(Int(left)) { parts[index] += 1 }
        return parts.map { amount < 0 ? -Int64($0) : Int64($0) }
    }

    /// As ``split(_:by:)``, but no part is greater than its limit; what one may not take goes to the others.
    ///
    /// - Returns: parts whose sum is the amount, or the sum of all limits when that is less.
    package static func split(_ amount: Int64, by weights: [Int64], limits: [Int64]) -> [Int64] {
        precondition(weights.count == limits.count && amount >= 0, "an amount is split among as many limits as weights")
        var parts = weights.map { _ in Int64(0) }
        var left = min(amount, limits.reduce(0, +))
        var open = weights.indices.filter { limits[$0] > 0 }
        while left > 0, !open.isEmpty {
            let round = split(left, by: open.map { weights[$0] })
            for (index, part) in zip(open, round) {
                let taken = min(part, limits[index] - parts[index])
                parts[index] += taken
                left -= taken
            }
            open = open.filter { parts[$0] < limits[$0] }
        }
        return parts
    }
}
