/// Where money is at a gateway, as its bills tell.
package enum SettlementAccount: String, CaseIterable, Sendable {
    /// With whoever pays; unbounded.
    case buyer
    /// With the gateway, and ours.
    case captured
    /// Kept by the gateway for itself.
    case fee
    /// Held back, or taken away, because a payer asked his bank for it.
    case disputed
}

/// What one movement of a bill moves; the same whenever it is worked out from the same bill.
package struct SettlementMove: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case payment, refund, dispute
        case paymentFee = "payment-fee"
        case refundFee = "refund-fee"
        case disputeFee = "dispute-fee"
        case otherFee = "other-fee"

        /// Which way it usually goes; a negative amount goes the other way.
        package var way: (from: SettlementAccount, to: SettlementAccount) {
            switch self {
            case .payment: (.buyer, .captured)
            case .refund: (.captured, .buyer)
            case .dispute: (.captured, .disputed)
            case .paymentFee, .refundFee, .disputeFee, .otherFee: (.captured, .fee)
            }
        }
    }

    /// What is booked once for each day.
    package struct Cause: Hashable, Sendable {
        package let kind: Kind
        package let transaction: String
        package let reference: String
        package let currency: Currency

        package init(kind: Kind, transaction: String, reference: String, currency: Currency) {
            self.kind = kind
            self.transaction = transaction
            self.reference = reference
            self.currency = currency
        }
    }

    package let cause: Cause
    /// With a sign, as ``Kind/way`` has it.
    package let amount: Int64
}

extension Bill {
    /// What its lines move: what is through, each movement once however often it is listed.
    ///
    /// What a gateway moves otherwise has no sign on a bill, so only its fee is booked.
    package var settlement: [SettlementMove] {
        var chosen: [BillMovement: (text: String, line: BillLine)] = [:]
        for line in lines where line.isFinal {
            let movement = line.movement
            guard let held = chosen[movement] else { chosen[movement] = ("", line); continue }
            let (text, other) = (line.json.text, held.text.isEmpty ? held.line.json.text : held.text)
            chosen[movement] = ByteOrder.precedes(text, other) ? (text, line) : (other, held.line)
        }
        var moves: [SettlementMove] = []
        for (movement, (_, line)) in chosen {
            func move(_ kind: SettlementMove.Kind, _ amount: Int64) {
                guard amount != 0 else { return }
                let cause = SettlementMove.Cause(
                    kind: kind, transaction: movement.transaction, reference: movement.part, currency: line.amount.currency)
                moves.append(SettlementMove(cause: cause, amount: amount))
            }
            switch movement.kind {
            case .payment:
                move(.payment, line.amount.amount)
                move(.paymentFee, line.fee)
            case .refund:
                move(.refund, line.amount.amount)
                move(.refundFee, line.fee)
            case .dispute:
                move(.dispute, line.amount.amount)
                move(.disputeFee, line.fee)
            case .other: move(.otherFee, line.fee)
            }
        }
        return moves
    }
}
