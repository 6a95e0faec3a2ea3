import Commerce

struct StripeIntent: Sendable {
    let id: String
    let amount: Int64
    let currency: String
    let created: Int64
    let isManual: Bool
    let metadata: [String: String]
    var status = "requires_payment_method"
    var received: Int64 = 0
    var charge: String?
    var number: String? { metadata["heyi_number"] }
}

struct StripeSession: Sendable {
    let id: String
    let amount: Int64
    let currency: String
    let created: Int64
    let expires: Int64
    let isManual: Bool
    let reference: String?
    let metadata: [String: String]
    let intentMetadata: [String: String]
    var status = "open"
    var paymentStatus = "unpaid"
    var intent: String?
    var number: String? { metadata["heyi_number"] }
}

struct StripeCharge: Sendable {
    let id: String
    let intent: String
    let amount: Int64
    let currency: String
    let created: Int64
    let metadata: [String: String]
    var refunded: Int64 = 0
    var isDisputed = false
}

struct StripeRefund: Sendable {
    let id: String
    let intent: String
    let charge: String
    let amount: Int64
    let currency: String
    let created: Int64
    let metadata: [String: String]
    let key: String?
    var status: String
    /// When it is through.
    var due: Timestamp?
    var number: String? { metadata["heyi_number"] }
}

struct StripeDispute: Sendable {
    let id: String
    let intent: String
    let charge: String
    let amount: Int64
    let currency: String
    let created: Int64
    let reason: String
    var status = "needs_response"
}

/// One movement of the balance.
struct StripeEntry: Sendable {
    let id: String
    var type: String
    var amount: Int64
    var fee: Int64
    var currency: String
    var created: Int64
    /// The id of what moved it.
    var source: String?
}

extension StripeBooks {
    func render(_ intent: StripeIntent, expand: Set<String> = []) -> JSON {
        let charge = charges.first { $0.id == intent.charge }
        let latest: JSON = expand.contains("latest_charge") ? charge.map { render($0) } ?? .null : intent.charge.map { .string($0) } ?? .null
        return [
            "id": .string(intent.id), "object": "payment_intent", "amount": .integer(intent.amount), "amount_capturable": .integer(intent.status == "requires_capture" ? intent.amount : 0),
            "amount_received": .integer(intent.received), "capture_method": intent.isManual ? "manual" : "automatic",
            "client_secret": .string("\(intent.id)_secret_sim"), "created": .integer(intent.created), "currency": .string(intent.currency),
            "latest_charge": latest, "livemode": false, "metadata": StripeBooks.render(intent.metadata), "status": .string(intent.status),
        ]
    }

    func render(_ session: StripeSession, expand: Set<String> = []) -> JSON {
        let inner = Set(expand.compactMap { $0.hasPrefix("payment_intent.") ? String($0.dropFirst(15)) : nil })
        let isFull = !inner.isEmpty || expand.contains("payment_intent")
        let intent = intents.first { $0.id == session.intent }
        let reference: JSON = isFull ? intent.map { render($0, expand: inner) } ?? .null : session.intent.map { .string($0) } ?? .null
        let url: JSON = session.status == "open" ? .string("https://checkout.stripe.com/c/pay/\(session.id)") : .null
        return [
            "id": .string(session.id), "object": "checkout.session", "amount_total": .integer(session.amount), "currency": .string(session.currency),
            "client_reference_id": session.reference.map { .string($0) } ?? .null, "created": .integer(session.created),
            "expires_at": .integer(session.expires), "livemode": false, "metadata": StripeBooks.render(session.metadata), "mode": "payment",
            "payment_intent": reference, "payment_status": .string(session.paymentStatus), "status": .string(session.status), "url": url,
        ]
    }

    func render(_ charge: StripeCharge) -> JSON {
        [
            "id": .string(charge.id), "object": "charge", "amount": .integer(charge.amount), "amount_refunded": .integer(charge.refunded),
            "created": .integer(charge.created), "currency": .string(charge.currency), "disputed": .bool(charge.isDisputed), "livemode": false,
            "metadata": StripeBooks.render(charge.metadata), "payment_intent": .string(charge.intent), "paid": true,
            "refunded": .bool(charge.refunded == charge.amount), "status": "succeeded",
        ]
    }

    func render(_ refund: StripeRefund) -> JSON {
        [
            "id": .string(refund.id), "object": "refund", "amount": .integer(refund.amount), "charge": .string(refund.charge),
            "created": .integer(refund.created), "currency": .string(refund.currency), "metadata": StripeBooks.render(refund.metadata),
            "failure_reason": refund.status == "failed" ? "expired_or_canceled_card" : .null,
            "payment_intent": .string(refund.intent), "status": .string(refund.status),
        ]
    }

    func render(_ dispute: StripeDispute) -> JSON {
        [
            "id": .string(dispute.id), "object": "dispute", "amount": .integer(dispute.amount), "charge": .string(dispute.charge),
            "created": .integer(dispute.created), "currency": .string(dispute.currency), "livemode": false, "metadata": [:],
            "payment_intent": .string(dispute.intent), "reason": .string(dispute.reason), "status": .string(dispute.status),
        ]
    }

    func render(_ entry: StripeEntry, expand: Set<String>) -> JSON {
        [
            "id": .string(entry.id), "object": "balance_transaction", "amount": .integer(entry.amount), "created": .integer(entry.created),
            "available_on": .integer(entry.created + 172_800), "currency": .string(entry.currency), "exchange_rate": .null, "fee": .integer(entry.fee),
            "net": .integer(entry.amount - entry.fee), "source": source(entry.source, isFull: expand.contains("source")), "status": "pending",
            "type": .string(entry.type),
        ]
    }

    private func source(_ id: String?, isFull: Bool) -> JSON {
        guard let id else { return .null }
        guard isFull else { return .string(id) }
        if let charge = charges.first(where: { $0.id == id }) { return render(charge) }
        if let refund = refunds.first(where: { $0.id == id }) { return render(refund) }
        if let dispute = disputes.first(where: { $0.id == id }) { return render(dispute) }
        return .string(id)
    }

    static func render(_ metadata: [String: String]) -> JSON { .object(JSONObject(metadata.map { ($0.key, .string($0.value)) })) }
}
