/// What a channel lets us do to the quantity it sells from.
package enum QuantityCapability: String, CaseIterable, Sendable {
    /// Adds and takes away, once for each key.
    case adjust
    /// Sets a number where it still holds the one we name.
    case compareAndSet = "compare-and-set"
    /// Sets a number.
    case set

    /// What holds for a channel of this capability, in words for whoever runs it.
    ///
    /// - Parameter sharesPool: it is shown more than its right.
    package func guarantee(buffer: Int64, sharesPool: Bool) -> QuantityGuarantee {
        if sharesPool { return .told }
        switch self {
        case .adjust, .compareAndSet: return .exact
        case .set: return .bounded(buffer)
        }
    }
}

/// What the product promises about overselling at a channel that sells on its own.
package enum QuantityGuarantee: Hashable, Sendable, CustomStringConvertible {
    /// It cannot sell more than its right.
    case exact
    /// It cannot, as long as it sells no more than so many between two confirmed numbers.
    case bounded(Int64)
    /// It sells from the pool it shares, and what two sell at once is told and covered.
    case told

    package var description: String {
        switch self {
        case .exact: "cannot sell more than its right"
        case .bounded(let buffer):
            "cannot sell more than its right while it sells at most \(buffer) before it confirms a new number"
        case .told: "may sell what somebody else sells at the same moment; that is covered from safety, else owed, and told"
        }
    }
}

/// What is sent to bring a channel's quantity where it is to be.
package enum QuantityWrite: Hashable, Sendable {
    case adjust(by: Int64)
    case compareAndSet(from: Int64, to: Int64)
    case set(Int64)

    /// A comparison names what the channel holds and keeps the difference: what it has sold and not told of stays sold.
    ///
    /// - Parameters:
    ///   - known: what it should hold: what it last confirmed, less the sales it has told of; nil while that is not known.
    ///   - wanted: what it is to sell from.
    ///   - holds: what it said to hold when a comparison failed; nil when none did.
    /// - Returns: nil when there is nothing to send, or nothing that can be sent before its orders have come.
    package init?(_ capability: QuantityCapability, known: Int64?, wanted: Int64, holds: Int64? = nil) {
        guard known != wanted else { return nil }
        switch capability {
        case .adjust:
            guard let known else { return nil }
            self = .adjust(by: wanted - known)
        case .compareAndSet:
            guard let known, (holds ?? known) + wanted - known >= 0 else { return nil }
            self = .compareAndSet(from: holds ?? known, to: (holds ?? known) + wanted - known)
        case .set:
            self = .set(wanted)
        }
    }
}
