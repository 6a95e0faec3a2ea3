import Commerce

/// How orders stand, by the delta protocol: `POST orders`.
extension DeltaAdapter {
    package func tell(_ orders: [OrderStanding], generation: String) async throws(ChannelError) -> [String?] {
        let list = orders.map { order -> JSON in
            .object(JSONObject([("order", .string(order.order)), ("version", .integer(order.version)), ("standing", order.content)]))
        }
        let body: JSON = ["generation": .string(generation), "orders": .array(list)]
        let answer = try await ask(.post, "/orders", body: body.bytes)
        return try ChannelExchange.reading { () throws(AnswerFault) in
            let elements = try answer.member("outcomes").elements()
            guard elements.count == orders.count else {
                throw answer.fault("outcomes has \(elements.count) elements for \(orders.count) orders")
            }
            var outcomes: [String?] = []
            for element in elements {
                let outcome = try element.member("outcome")
                switch try outcome.string() {
                case "stored": outcomes.append(nil)
                case "rejected": outcomes.append(try element.member("reason").string())
                default: throw outcome.fault("must be stored or rejected")
                }
            }
            return outcomes
        }
    }
}
