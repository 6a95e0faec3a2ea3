/// How rights follow demand, and when they are left where they are.
package struct Rebalancing: Sendable {
    /// One channel's right to one SKU, and how it sells.
    package struct Standing: Hashable, Sendable {
        package let channel: ChannelID
        package let granted: Int64
        /// Units it sold in the time looked at.
        package let demand: Int64
        /// It answers; rights of one that does not are its own until it does.
        package let reachable: Bool

        package init(_ channel: ChannelID, granted: Int64, demand: Int64, reachable: Bool = true) {
            self.channel = channel
            self.granted = granted
            self.demand = demand
            self.reachable = reachable
        }
    }

    /// More rights for a channel, or less of them.
    package struct Move: Hashable, Sendable {
        package let channel: ChannelID
        package let by: Int64

        package init(_ channel: ChannelID, by: Int64) {
            self.channel = channel
            self.by = by
        }
    }

    /// A right is left alone while it is within so many thousandths of what it should be.
    package var band: Int64 = 250
    /// Nothing less than this is moved.
    package var least: Int64 = 2

    package init(band: Int64 = 250, least: Int64 = 2) {
        self.band = max(0, band)
        self.least = max(1, least)
    }

    /// What to move, decreases first.
    ///
    /// What is taken back counts for nobody until the channel has confirmed it: increases
    /// come out of `spare` alone.
    ///
    /// - Parameter spare: units of the pool that may become rights now.
    package func moves(_ standings: [Standing], spare: Int64) -> [Move] {
        let movable = standings.filter(\.reachable).sorted { $0.channel < $1.channel }
        guard !movable.isEmpty else { return [] }
        let all = movable.reduce(max(0, spare)) { $0 + $1.granted }
        // One that sold nothing is given a little, or it could never show that it sells.
        let weights = movable.map { min(max(0, $0.demand), StockQuantity.movedMax) * 10 + 1 }
        let targets = Rebalancing.shares(of: all, by: weights)
        var (less, more): ([Move], [Move]) = ([], [])
        var left = max(0, spare)
        for (standing, target) in zip(movable, targets) {
            let difference = target - standing.granted
            guard difference.magnitude >= UInt64(least), difference.magnitude > UInt64(target / 1000 * band + target % 1000 * band / 1000)
            else { continue }
            if difference < 0 {
                less.append(Move(standing.channel, by: difference))
            } else {
                let given = min(difference, left)
                left -= given
                if given > 0 { more.append(Move(standing.channel, by: given)) }
            }
        }
        return less + more
    }

    /// Shares in proportion to weights that add up to the whole, rounded down, the rest to the first.
    private static func shares(of whole: Int64, by weights: [Int64]) -> [Int64] {
        let sum = weights.reduce(0, +)
        var shares = weights.map { weight in
            let (high, low) = whole.multipliedFullWidth(by: weight)
            return sum.dividingFullWidth((high, low)).quotient
        }
        var rest = whole - shares.reduce(0, +)
        for index in shares.indices where rest > 0 {
            shares[index] += 1
            rest -= 1
        }
        return shares
    }
}
