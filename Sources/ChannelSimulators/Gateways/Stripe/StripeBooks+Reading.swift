import Commerce

extension StripeBooks {
    /// One object by its id, or a page of a list, newest first.
    func read(_ path: String, _ parameters: StripeParameters) -> StripeAnswer {
        let expand = parameters.expanded
        if path.hasPrefix("payment_intents/"), let found = intents.first(where: { path.hasSuffix("/\($0.id)") }) {
            return .done(render(found, expand: expand))
        }
        if path.hasPrefix("checkout/sessions/"), let found = sessions.first(where: { path.hasSuffix("/\($0.id)") }) {
            return .done(render(found, expand: expand))
        }
        if path.hasPrefix("refunds/"), let found = refunds.first(where: { path.hasSuffix("/\($0.id)") }) { return .done(render(found)) }
        switch path {
        case "payment_intents": return page(intents, parameters, of: { ($0.id, $0.created) }) { render($0, expand: expand) }
        case "checkout/sessions": return page(sessions, parameters, of: { ($0.id, $0.created) }) { render($0, expand: expand) }
        case "refunds":
            let (intent, charge) = (parameters["payment_intent"], parameters["charge"])
            let chosen = refunds.filter { (intent == nil || $0.intent == intent) && (charge == nil || $0.charge == charge) }
            return page(chosen, parameters, of: { ($0.id, $0.created) }) { render($0) }
        case "balance_transactions": return page(entries, parameters, of: { ($0.id, $0.created) }) { render($0, expand: expand) }
        case "events":
            let chosen = events.filter { parameters["type"] == nil || $0["type"]?.string == parameters["type"] }
            return page(chosen, parameters, of: { ($0["id"]?.string ?? "", $0["created"]?.integer ?? 0) }) { $0 }
        default: return StripeBooks.missing(path)
        }
    }

    private func page<Element>(
        _ elements: [Element], _ parameters: StripeParameters, of key: (Element) -> (id: String, created: Int64), _ render: (Element) -> JSON
    ) -> StripeAnswer {
        let limit = parameters.number("limit") ?? 10
        guard (1...100).contains(limit) else { return .invalid("Invalid limit", param: "limit") }
        let bounds = parameters.members("created")
        for (name, value) in bounds where Int64(value) == nil || !["gt", "gte", "lt", "lte"].contains(name) {
            return .invalid("Invalid bound", param: "created[\(name)]")
        }
        func bound(_ name: String) -> Int64? { bounds[name].flatMap { Int64($0) } }
        var chosen = elements.filter { element in
            let created = key(element).created
            return created >= bound("gte") ?? .min && created > bound("gt") ?? .min && created < bound("lt") ?? .max && created <= bound("lte") ?? .max
        }
        // What was planted later may be older; of the same second the later made is the newer.
        chosen = chosen.enumerated().sorted { (key($0.element).created, $0.offset) > (key($1.element).created, $1.offset) }.map(\.element)
        if let after = parameters["starting_after"] {
            guard let place = chosen.firstIndex(where: { key($0).id == after }) else { return StripeBooks.missing(after) }
            chosen = Array(chosen[(place + 1)...])
        }
        return .done([
            "object": "list", "data": .array(chosen.prefix(Int(limit)).map(render)), "has_more": .bool(chosen.count > Int(limit)), "url": "/v1",
        ])
    }
}
