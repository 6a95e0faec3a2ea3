/// What can still be promised of one SKU, over the warehouses asked about.
package struct Availability: Hashable, Sendable {
    /// In the pools, with what holds whose time is over still tie up.
    package var pool: Int64
    /// What may be promised beyond that.
    package var backorderRoom: Int64
    /// What of the pool is fenced off for other channels.
    package var fencedForOthers: Int64
    /// What the channel may sell without asking, less what is being taken back from it.
    package var right: Int64

    package init(pool: Int64 = 0, backorderRoom: Int64 = 0, fencedForOthers: Int64 = 0, right: Int64 = 0) {
        self.pool = pool
        self.backorderRoom = backorderRoom
        self.fencedForOthers = fencedForOthers
        self.right = right
    }

    /// Units of the pool that somebody of this channel can hold now.
    package var open: Int64 { max(0, pool - fencedForOthers) }

    /// What a hold can be given.
    package func holdable(withBackorder: Bool) -> Int64 { open + (withBackorder ? backorderRoom : 0) }
}
