/// How fast a channel sells a SKU: by its busiest hour, which quiet hours let be forgotten slowly.
package struct SellingPace: Hashable, Sendable {
    /// Hours since 1970 of the hour that is being counted.
    package private(set) var hour: Int64
    /// Units sold in it.
    package private(set) var sold: Int64
    /// The most in one hour before it, less an eighth for each hour since.
    package private(set) var busiest: Int64

    package init(hour: Int64 = 0, sold: Int64 = 0, busiest: Int64 = 0) {
        self.hour = hour
        self.sold = sold
        self.busiest = busiest
    }

    /// Units an hour that are to be reckoned with.
    package var perHour: Int64 { max(sold, busiest) }

    package mutating func add(_ quantity: Int64, at now: Timestamp) {
        pass(to: now)
        sold = min(StockQuantity.max, sold + max(0, quantity))
    }

    /// Lets time pass. A clock that was set back changes nothing.
    package mutating func pass(to now: Timestamp) {
        let next = now.milliseconds / 3_600_000
        guard next > hour else { return }
        busiest = max(busiest, sold)
        sold = 0
        // After a week of hours nothing is left of it.
        for _ in 1..<max(2, min(next - hour, 168)) { busiest -= (busiest + 7) / 8 }
        hour = next
    }
}
