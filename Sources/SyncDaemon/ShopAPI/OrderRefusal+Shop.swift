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
        case .unknown, .paymentBound, .notForPickUp, .onlyPickUp, .notReinstated, .otherGoods, .wrongCode: "refused"
        }
    }
}
