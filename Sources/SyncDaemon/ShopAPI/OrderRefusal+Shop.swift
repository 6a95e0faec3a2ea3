import Commerce
import HTTPTypes
import Store

extension Problem {
    /// What an order's rules say to its buyer.
    static func refused(_ refusal: OrderRefusal, _ order: StoredOrder) -> Problem {
        let field: String? =
            switch refusal {
            case .noSuchLine, .pieces, .lineBound, .amount, .currency: "lines"
            default: nil
            }
        var problem = Problem(field == nil ? .conflict : .unprocessableContent, refusal.code, "\(refusal)", field: field)
        problem.members["state"] = .string(order.state.phase.rawValue)
        return problem
    }
}

extension Problem {
    /// Not all the goods are there any more; nothing was held.
    static func short(_ missing: [HoldOutcome.Shortage]) -> Problem {
        var problem = Problem(
            .conflict, "short", "Not all of it is there any more: \(missing.map(\.description).joined(separator: ", ")).", field: "lines",
            next: "ask for a quote of what there is")
        problem.members["missing"] = .array(
            missing.map { ["sku": .string($0.sku.id.text), "wanted": .integer($0.wanted), "available": .integer($0.available)] })
        return problem
    }

    /// A coupon, points or a promotion went to another order meanwhile.
    static func refused(_ kind: EntitlementKind, _ id: String, _ refusal: EntitlementOutcome.Refusal) -> Problem {
        let what = kind == .points ? "points" : "\(kind.rawValue) \(id)"
        return Problem(
            .conflict, "entitlement", "The \(what): \(refusal).", field: kind == .points ? "points" : "coupons",
            next: "ask for a new quote")
    }

    static func expiredQuote(_ instant: Timestamp) -> Problem {
        var problem = Problem(.gone, "quote_expired", "The prices were promised until \(UTC.text(instant)).", field: "quote", next: "POST \(ShopAPI.root)/quotes")
        problem.members["expired_at"] = .integer(instant.milliseconds)
        return problem
    }
}

extension OrderRefusal {
    /// Stable, for programs.
    var code: String {
        switch self {
        case .wrongPhase, .notPlaced, .alreadyPlaced: "wrong_state"
        case .paymentInDoubt: "payment_in_doubt"
        case .outOfTurn: "out_of_turn"
        case .tooLate: "too_late"
        case .afterSale, .afterSaleOpen: "wrong_case_state"
        case .noSuchLine, .pieces, .lineBound, .amount, .currency: "invalid"
        case .unknown, .paymentBound, .notForPickUp, .onlyPickUp, .notReinstated, .otherGoods, .wrongCode, .tooMuch: "refused"
        }
    }
}
