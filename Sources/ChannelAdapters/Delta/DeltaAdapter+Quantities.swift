import Commerce

/// Quantities by the delta protocol: `POST quantities` and `POST quantities/read`.
extension DeltaAdapter {
    package func put(_ orders: [QuantityOrder], generation: String) async throws(ChannelError) -> [QuantityOutcome] {
        let list = orders.map { order -> JSON in
            var object = JSONObject([("op_id", .string(order.key.text)), ("sku", .string(order.sku.id))])
            switch order.write {
            case .adjust(let by): object["adjust"] = .integer(by)
            case .compareAndSet(let from, let to): (object["from"], object["to"]) = (.integer(from), .integer(to))
            case .set(let number): object["set"] = .integer(number)
            }
            return .object(object)
        }
        let body: JSON = ["generation": .string(generation), "quantities": .array(list)]
        let answer = try await ask(.post, "/quantities", body: body.bytes)
        return try ChannelExchange.reading { () throws(AnswerFault) in
            let elements = try answer.member("outcomes").elements()
            guard elements.count == orders.count else {
                throw answer.fault("outcomes has \(elements.count) elements for \(orders.count) quantities")
            }
            var outcomes: [QuantityOutcome] = []
            for (element, order) in zip(elements, orders) { outcomes.append(try element.quantityOutcome(of: order)) }
            return outcomes
        }
    }

    package func readQuantities(of skus: [RemoteRef]) async throws(ChannelError) -> [RemoteRef: Int64] {
        let body: JSON = ["skus": .array(skus.map { .string($0.id) })]
        let answer = try await ask(.post, "/quantities/read", body: body.bytes)
        return try ChannelExchange.reading { () throws(AnswerFault) in
            var found: [RemoteRef: Int64] = [:]
            for element in try answer.member("quantities").elements() {
                let sku = RemoteRef(kind: .sku, id: try element.member("sku").mark(bytesMax: 128))
                found[sku] = try element.member("quantity").integer(in: AnswerLimits.quantities)
            }
            return found
        }
    }
}

extension AnswerReader {
    func quantityCapability() throws(AnswerFault) -> QuantityCapability {
        guard let known = QuantityCapability(rawValue: try string()) else {
            throw fault("must be one of \(QuantityCapability.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return known
    }

    fileprivate func quantityOutcome(of order: QuantityOrder) throws(AnswerFault) -> QuantityOutcome {
        let key = try member("op_id")
        guard try key.string() == order.key.text else { throw key.fault("is another than was sent in this place") }
        let outcome = try member("outcome")
        switch try outcome.string() {
        case "stored": return .stored(quantity: try optional("quantity")?.integer(in: AnswerLimits.quantities))
        case "other": return .other(quantity: try member("quantity").integer(in: AnswerLimits.quantities))
        case "rejected": return .rejected(reason: try member("reason").string())
        case "deferred": return .deferred(retryAfter: try optional("retry_after")?.duration())
        default: throw outcome.fault("must be stored, other, rejected or deferred")
        }
    }
}
