import Commerce
import Mall
import Store

extension OrderHead {
    var json: JSON {
        [
            "number": .string(number), "channel": channel.map { .string($0.text) } ?? .null,
            "external_number": external.map(JSON.string) ?? .null, "member": member.map { .string($0.text) } ?? .null,
            "state": .string(phase.rawValue), "total": total.map(\.json) ?? .null,
            "placed_at": placedAt.map { .integer($0.milliseconds) } ?? .null, "changed_at": .integer(changedAt.milliseconds),
            "version": .integer(version), "cases": .integer(cases), "problems": .integer(problems),
        ]
    }
}

extension Money {
    var json: JSON { ["amount": .integer(amount), "currency": .string(currency.code)] }
}

extension OrderReport {
    private var state: OrderState { order.state }

    /// All of it, for operators.
    var json: JSON {
        let facts = order.facts(sights)
        guard case .object(var object) = facts else { return facts }
        object["owner"] = .string(order.owner)
        object["external_number"] = state.placed?.externalNumber.map(JSON.string) ?? .null
        object["holds"] = .array(holds.map(\.json))
        object["timers"] = .array(timers.map(\.json))
        object["entitlements"] = .array(uses.map(\.json))
        object["problems"] = .array(state.problems.map { .string($0.description) })
        object["refunds"] = .array(
            state.refunds.map { refund in refund.json(of: order.number, refunds.first { $0.refund == refund.refund.number }) })
        object["timeline"] = .array(state.timeline.map { $0.json(showsAuthor: true) })
        return .object(object)
    }
}

extension StoredOrder {
    /// What its buyer may see of it.
    ///
    /// - Parameter sights: where its parcels are; one that has just been placed has none.
    func buyersJSON(_ sights: [ParcelPart: ParcelSight] = [:]) -> JSON {
        let facts = facts(sights)
        guard case .object(var object) = facts else { return facts }
        object["refunds"] = .array(state.refunds.map { $0.json(of: number, nil) })
        object["timeline"] = .array(state.timeline.filter(\.isForBuyers).map { $0.json(showsAuthor: false) })
        if let code = state.placed?.pickUp?.code, state.phase == .paid { object["pick_up_code"] = .string(code) }
        return .object(object)
    }

    fileprivate func facts(_ sights: [ParcelPart: ParcelSight]) -> JSON {
        let placed = state.placed
        return [
            "number": .string(number), "version": .integer(edition), "state": .string(state.phase.rawValue),
            "channel": placed.map { .string($0.channel.text) } ?? .null,
            "member": placed?.member.map { .string($0.text) } ?? .null, "buyer": placed?.buyer.json ?? .null,
            "placed_at": state.placedAt.map { .integer($0.milliseconds) } ?? .null,
            "payment_due": placed?.paymentDue.map { .integer($0.milliseconds) } ?? .null,
            "pick_up": placed?.pickUp.map { .string($0.place.text) } ?? .null, "remark": placed?.remark.map(JSON.string) ?? .null,
            "remarks": .array(state.remarks.map(JSON.string)), "money": state.money?.json ?? .null,
            "lines": .array(state.lines.map(\.json)), "steps": .array((placed?.steps ?? []).map(\.json)),
            "payments": .array(state.payments.map(\.json)), "attempts": .array(state.attempts.map(\.json)),
            "parcels": .array(state.parcels.map { $0.json(sights[.parcel($0.parcel.id)]) }),
            "cases": .array(state.afterSales.map { $0.json(sights[.resent($0.id)]) }),
        ]
    }
}

extension Buyer {
    fileprivate var json: JSON {
        [
            "name": .string(name), "phone": .string(phone), "region": .array(region.codes.map(JSON.string)), "address": .string(address),
        ]
    }
}

extension OrderMoney {
    fileprivate var json: JSON {
        [
            "currency": .string(currency.code), "total": .integer(total), "paid": .integer(captured), "missing": .integer(missing),
            "promised_back": .integer(opened), "refunded": .integer(refunded), "owed_back": .integer(owedBack),
        ]
    }
}

extension OrderLineState {
    fileprivate var json: JSON {
        let priced = line.priced
        return [
            "line": .integer(Int64(line.number)), "sku": .string(priced.sku.text), "title": .string(line.title),
            "quantity": .integer(line.quantity), "unit": .integer(priced.unit), "reduction": .integer(priced.reduction),
            "points": .integer(priced.points), "freight": .integer(priced.freight), "tax": .integer(priced.tax),
            "payable": .integer(line.payable), "shipped": .integer(shipped), "delivered": .integer(delivered),
            "called_off": .integer(calledOff), "given_back": .integer(openedPieces), "refunded": .integer(refunded),
            "returned": .array(
                returned.map { ["pieces": .integer($0.pieces), "as": .string($0.disposition.rawValue)] }),
        ]
    }
}

extension PaymentState {
    fileprivate var json: JSON {
        [
            "gateway": .string(payment.ref.gateway), "transaction": .string(payment.ref.transaction),
            "amount": payment.amount.json, "at": .integer(at.milliseconds), "promised_back": .integer(opened),
            "refunded": .integer(refunded),
        ]
    }
}

extension AttemptState {
    fileprivate var json: JSON {
        let end: String =
            switch self.end {
            case .unknown: "unknown"
            case .closed: "closed"
            case .paid: "paid"
            }
        return [
            "attempt": .string(attempt.id.text), "gateway": .string(attempt.gateway), "amount": attempt.amount.json,
            "at": .integer(at.milliseconds), "end": .string(end),
        ]
    }
}

extension ParcelState {
    fileprivate func json(_ sight: ParcelSight?) -> JSON {
        [
            "parcel": .string(parcel.id.text), "carrier": .string(parcel.carrier), "tracking": .string(parcel.tracking),
            "warehouse": .string(parcel.warehouse.text), "shipped_at": .integer(at.milliseconds),
            "delivered_at": deliveredAt.map { .integer($0.milliseconds) } ?? .null,
            "lines": .array(parcel.lines.map { ["line": .integer(Int64($0.line)), "pieces": .integer($0.pieces)] }),
            "track": sight?.json ?? .null,
        ]
    }
}

extension AfterSaleState {
    fileprivate func json(_ sight: ParcelSight?) -> JSON {
        [
            "case": .string(id.text), "state": .string(phase.rawValue), "kind": claim.map { .string($0.kind.rawValue) } ?? .null,
            "reason": claim.map { .string($0.reason) } ?? .null, "evidence": .array((claim?.evidence ?? []).map(JSON.string)),
            "asked_at": askedAt.map { .integer($0.milliseconds) } ?? .null,
            "terms": .array(
                terms.map { ["line": .integer(Int64($0.line)), "pieces": .integer($0.pieces), "amount": .integer($0.amount)] }),
            "granted": .integer(granted), "refunded": .integer(refunded), "track": sight?.json ?? .null,
        ]
    }
}

extension RefundState {
    fileprivate func json(of order: String, _ tried: RefundTry?) -> JSON {
        var object = JSONObject([
            ("refund", .string(refund.number.text)), ("at_gateway", .string(refund.numberAtGateway(ofOrder: order))),
            ("gateway", .string(refund.payment.gateway)), ("transaction", .string(refund.payment.transaction)),
            ("amount", refund.amount.json), ("reason", .string(refund.reason.word)), ("at", .integer(at.milliseconds)),
            ("settled", .bool(isSettled)),
        ])
        if let tried {
            object["stage"] = .string(tried.stage.rawValue)
            object["tries"] = .integer(tried.tries)
            object["told"] = tried.told.map(JSON.string) ?? .null
            object["look_at"] = tried.lookAt.map { .integer($0.milliseconds) } ?? .null
        }
        return .object(object)
    }
}

extension RecordedFact {
    fileprivate var isForBuyers: Bool {
        switch fact.kind {
        case .remarked, .refundRefused, .paymentClosed, .disputed: false
        default: true
        }
    }

    fileprivate func json(showsAuthor: Bool) -> JSON {
        var object = JSONObject([("at", .integer(at.milliseconds)), ("what", .string(fact.kind.rawValue)), ("key", .string(fact.key))])
        if showsAuthor {
            object["by"] = .string(author)
            object["fact"] = fact.body
        }
        return .object(object)
    }
}

extension StoredTimer {
    var json: JSON {
        [
            "order": .string(order), "kind": .string(timer.kind.rawValue), "case": timer.afterSale.map { .string($0.text) } ?? .null,
            "due_at": .integer(timer.due.milliseconds), "look_at": lookAt.map { .integer($0.milliseconds) } ?? .null,
            "done_at": doneAt.map { .integer($0.milliseconds) } ?? .null, "tries": .integer(tries),
            "told": told.map(JSON.string) ?? .null,
        ]
    }
}

extension EntitlementUse {
    fileprivate var json: JSON {
        [
            "kind": .string(kind.rawValue), "id": .string(id), "held": .integer(held), "claimed": .integer(claimed),
            "returned": .integer(returned),
        ]
    }
}

extension SplitParcel {
    var json: JSON {
        [
            "warehouse": .string(warehouse.text),
            "lines": .array(lines.map { ["line": .integer(Int64($0.line)), "pieces": .integer($0.pieces)] }),
        ]
    }
}
