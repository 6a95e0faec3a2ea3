package import Commerce

/// All the entitlements an order wants, together or not at all.
package struct EntitlementDemand: Hashable, Sendable {
    package struct Part: Hashable, Sendable {
        package let kind: EntitlementKind
        package let id: String
        package let quantity: Int64
    }

    /// By kind and id, each once.
    package let parts: [Part]

    /// - Throws: ``ValidationFailure`` for a coupon named twice, for points without a member, for a negative number.
    package init(
        coupons: [String] = [], points: Int64 = 0, quotas: [String] = [], member: EntityID? = nil
    ) throws(ValidationFailure) {
        guard Set(coupons).count == coupons.count else {
            throw ValidationFailure(field: "coupons", reason: "names one twice; each is used once")
        }
        guard (0...StockQuantity.movedMax).contains(points) else {
            throw ValidationFailure(field: "points", reason: "must be a whole number from 0 to \(StockQuantity.movedMax), got \(points)")
        }
        var parts = coupons.sorted().map { Part(kind: .coupon, id: $0, quantity: 1) }
        if points > 0 {
            guard let member else { throw ValidationFailure(field: "points", reason: "only a member has points") }
            parts.append(Part(kind: .points, id: member.text, quantity: points))
        }
        parts += Set(quotas).sorted().map { Part(kind: .quota, id: $0, quantity: 1) }
        self.parts = parts
    }
}

/// What came of wanting to set entitlements aside.
package enum EntitlementOutcome: Hashable, Sendable {
    case held([EntitlementUse])
    /// The order has them already, in whatever state.
    case known([EntitlementUse])
    /// One of them cannot be had, so nothing was set aside.
    case refused(EntitlementKind, id: String, Refusal)

    package enum Refusal: Hashable, Sendable, CustomStringConvertible {
        /// There is none of this name, or it is somebody else's; nobody is told which.
        case unknown
        case notYet(Timestamp)
        case over(Timestamp)
        case short(wanted: Int64, available: Int64)

        package var description: String {
            switch self {
            case .unknown: "does not exist"
            case .notYet: "is not valid yet"
            case .over: "is not valid any more"
            case .short(let wanted, let available): "\(wanted) wanted, \(available) available"
            }
        }
    }
}
