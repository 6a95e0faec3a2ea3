/// How much of a SKU a channel is shown.
///
/// Only what is shown follows it, and the fence: what is held follows the pool. A channel
/// that sells on its own should be shown its right and nothing else, which is a `share` of 0.
package struct PublishingPolicy: Hashable, Sendable {
    /// Thousandths of what is open; 1000 shows all of it.
    package var share: Int64
    /// Below this it shows nothing, so that the last ones are not promised twice.
    package var floor: Int64
    /// It never shows more than this; nil for no bound.
    package var cap: Int64?
    /// Units of the pool that no other channel can hold.
    package var ringFence: Int64
    /// Taken off before anything else: what the channel may sell before it hears of a sale elsewhere.
    package var buffer: Int64

    /// - Throws: ``ValidationFailure`` naming the member that breaks its bounds.
    package init(
        share: Int64 = 1000, floor: Int64 = 0, cap: Int64? = nil, ringFence: Int64 = 0, buffer: Int64 = 0
    ) throws(ValidationFailure) {
        guard (0...1000).contains(share) else {
            throw ValidationFailure(field: "share", reason: "must be from 0 to 1000 thousandths, got \(share)")
        }
        for (name, value) in [("floor", floor), ("cap", cap ?? 0), ("ring_fence", ringFence), ("buffer", buffer)] {
            guard (0...StockQuantity.max).contains(value) else {
                throw ValidationFailure(field: name, reason: "must be from 0 to \(StockQuantity.max), got \(value)")
            }
        }
        self.share = share
        self.floor = floor
        self.cap = cap
        self.ringFence = ringFence
        self.buffer = buffer
    }

    private init(all: Void) { (share, floor, cap, ringFence, buffer) = (1000, 0, nil, 0, 0) }

    /// Shows all there is.
    package static let standard = PublishingPolicy(all: ())

    /// What the channel is shown of what there is.
    package func published(_ availability: Availability, withBackorder: Bool = false) -> Int64 {
        let base = max(0, availability.holdable(withBackorder: withBackorder) - buffer)
        let (whole, rest) = base.quotientAndRemainder(dividingBy: 1000)
        let shared = whole * share + rest * share / 1000
        let shown = min(shared + availability.right, cap ?? .max)
        return shown < floor ? 0 : shown
    }

    /// Units a channel may sell between two moments at which it certainly knows the hub's number.
    ///
    /// - Parameters:
    ///   - sold: units it sold in `period`; the busiest such period, not the usual.
    ///   - lag: how long it lags behind, at the worst it is to be safe against.
    package static func buffer(sold: Int64, in period: Duration, lag: Duration) -> Int64 {
        let (span, wait) = (max(1, period.milliseconds), max(0, lag.milliseconds))
        let (product, overflow) = max(0, sold).multipliedReportingOverflow(by: wait)
        guard !overflow else { return StockQuantity.max }
        return min(StockQuantity.max, product / span + (product % span == 0 ? 0 : 1))
    }
}
