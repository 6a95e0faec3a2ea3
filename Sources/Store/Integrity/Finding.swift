/// Something in the store that contradicts what must hold, and what to do about it.
package struct Finding: Hashable, Sendable {
    package enum Rule: String, Hashable, Sendable, CaseIterable {
        /// SQLite's own structure: pages, indexes, types.
        case structure
        /// Each unit stands at the newest change of its chain.
        case heads
        /// Along a chain clocks only grow, and each change's dot is new.
        case chains
        /// A unit's clock covers what is alive in it, one write an actor at most.
        case siblings
        /// What is live is canonical JSON.
        case values
        /// No cursor, shadow or exception points past the feed.
        case cursors
        /// A conflict is open exactly where the newest change asks a question.
        case conflicts
        /// Each audit entry follows from the one before.
        case audit
        /// Whatever names an entity names one that is there.
        case references
        /// Balances of stock are the sum of their entries, and what is held and sold is somebody's.
        case stock
        /// Coupons, points and quotas are the sum of their entries.
        case entitlements
        /// What is kept of an order beside its facts is what they say: its head, money, goods, timers.
        case orders
        /// What is kept of a parcel follows from its events, and what came is known to its order.
        case parcels
        /// What is kept of a day's bill is what its lines come to: sums and settlement.
        case bills
    }

    package let rule: Rule
    /// The unit, channel or row it is about.
    package let subject: String
    package let problem: String

    /// One sentence that says what an operator does next.
    package var remedy: String {
        switch rule {
        case .structure, .heads, .chains, .siblings, .references:
            "The file is damaged or was edited: stop the daemon and restore the newest backup that verifies."
        case .values: "Write the unit again with the value it should have; the damaged one is replaced."
        case .cursors: "Run heyi channel resync CHANNEL: the channel is observed anew and pushed what differs."
        case .conflicts: "Write the unit again, or resolve the conflict: either closes it."
        case .stock: "Run heyi stock audit: it explains the difference, and puts it right by a new entry when told to."
        case .entitlements: "An entry was taken out or altered: compare with the newest backup and issue what is missing anew."
        case .orders: "Run heyi order show NUMBER: tell the order something, a remark will do, and its rows are made anew from its facts."
        case .parcels: "Tell the order something, a remark will do, and what is kept of its parcels is made anew from their events."
        case .bills: "Compare with the newest backup: an entry or a sum was altered. Taking the day's bill again makes its sums anew."
        case .audit: "An audit row was altered or taken out: compare with the newest backup and find out by whom."
        }
    }
}
