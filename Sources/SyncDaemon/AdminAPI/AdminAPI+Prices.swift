import Commerce
import HTTPTypes
import Hummingbird
import Mall
import Store

extension AdminAPI {
    var priceRoutes: [Route] { ruleRoutes + entitlementRoutes }

    private static let rulePath = "\(root)/price-rules"

    private var ruleRoutes: [Route] {
        [
            Route(
                .get, AdminAPI.rulePath, .operators(.read), .operators, "Rules of prices, by their ids",
                parameters: [.query("kind", .word(PriceRule.Kind.allCases.map(\.rawValue)), "Of one kind.")] + RouteParameter.page,
                answers: [.json("PriceRuleList", "Of one kind, the lowest place is tried first.")]
            ) { exchange in
                .json(try await prices.rules(try exchange.word("kind", PriceRule.Kind.self), try exchange.page()).json(\.json))
            },
            Route(
                .get, "\(AdminAPI.rulePath)/{id}", .operators(.read), .operators, "One rule of prices",
                answers: [.json("PriceRule", "`version` grows with every change.")]
            ) { exchange in .json(try await prices.rule(try AdminAPI.ruleID(exchange)).json) },
            Route(
                .put, "\(AdminAPI.rulePath)/{id}", .operators(.operate), .operators, "Set a rule of prices",
                parameters: [.query("version", .integer(0...Int.max), "The version it was changed from; 0 for a new one.")],
                body: jsonBody("PriceRuleBody"),
                answers: [
                    .json("PriceRule", "In force for quotes from now on; those that were given stay as they are."),
                    .problem(409, "Somebody else changed it meanwhile."),
                ]
            ) { exchange in
                let value = try JSON.parse(exchange.body, depthMax: exchange.limits.jsonDepthMax)
                let id = try AdminAPI.ruleID(exchange)
                let rule: PriceRule
                do throws(ValidationFailure) { rule = try PriceRule(id, value, usual: prices.usual.currency) } catch { throw Problem.invalid(error.field, error.reason) }
                return .json(try await prices.put(rule, base: try AdminAPI.base(exchange), by: exchange.principal).json)
            },
            Route(
                .delete, "\(AdminAPI.rulePath)/{id}", .operators(.operate), .operators, "Drop a rule of prices",
                parameters: [.query("version", .integer(0...Int.max), "The version it was read at.")],
                answers: [.empty(204, "It holds for no new quote."), .problem(409, "Somebody else changed it meanwhile.")]
            ) { exchange in
                try await prices.drop(try AdminAPI.ruleID(exchange), base: try AdminAPI.base(exchange), by: exchange.principal)
                return .noContent
            },
            Route(
                .post, "\(AdminAPI.root)/price-trials", .operators(.read), .operators, "What a basket would cost, and why",
                body: jsonBody("Basket"), answers: [.json("PriceTrial", "Nothing is promised or held by it."), .problem(404, "There is no such SKU.")]
            ) { exchange in
                .json(try await prices.offer(try AdminAPI.basket(exchange, usual: prices.usual)).trialJSON)
            },
        ]
    }

    private var entitlementRoutes: [Route] {
        let path = "\(AdminAPI.root)/entitlements"
        return [
            Route(
                .get, path, .operators(.read), .operators, "Coupons and points of a member",
                parameters: [.query("member", "Whose.")], answers: [.json("EntitlementList", "What is there, held for orders and used.")]
            ) { exchange in
                guard let member = exchange.query("member").flatMap({ EntityID($0) }) else {
                    throw Problem.invalid("member", "is required: a member's id")
                }
                return .json(Page(try await prices.entitlements(of: member)).json(\.json))
            },
            Route(
                .post, path, .operators(.operate), .operators, "Issue a coupon, points, or places in a promotion", body: jsonBody("IssueOrder"),
                answers: [
                    .json("Entitlement", "As it is now; the same cause again issues nothing."),
                    .problem(409, "The cause was used for something else."),
                ]
            ) { exchange in
                let object = try exchange.object(["kind", "id", "quantity", "member", "starts_at", "ends_at", "cause"])
                guard let kind = EntitlementKind(rawValue: try object.requiredText("kind")) else {
                    throw Problem.invalid("kind", "must be one of \(EntitlementKind.allCases.map(\.rawValue).joined(separator: ", "))")
                }
                var member: EntityID?
                if let text = try object.text("member") {
                    guard let id = EntityID(text) else { throw Problem.invalid("member", "must be a member's id") }
                    member = id
                }
                let order = IssueOrder(
                    kind: kind, id: try object.requiredText("id", bytesMax: 64), quantity: try AdminAPI.whole(object, "quantity") ?? 1,
                    member: member, startsAt: try AdminAPI.whole(object, "starts_at").map { Timestamp(milliseconds: $0) },
                    endsAt: try AdminAPI.whole(object, "ends_at").map { Timestamp(milliseconds: $0) },
                    cause: try object.requiredText("cause", bytesMax: 200))
                return .json(try await prices.issue(order, by: exchange.principal).json)
            },
        ]
    }

    private static func ruleID(_ exchange: Exchange) throws(Problem) -> EntityID {
        guard let id = EntityID(try exchange.path("id")) else {
            throw .invalid("id", "must be 1 to 64 characters out of a-z 0-9 - _")
        }
        return id
    }

    private static func base(_ exchange: Exchange) throws(Problem) -> Int64? {
        try exchange.query("version").map { text throws(Problem) in try number(text, "version") }
    }

    /// Reads a basket as operators and shoppers both write it.
    static func basket(_ exchange: Exchange, usual: (currency: Currency, locale: String)) throws -> Basket {
        let object = try exchange.object(["channel", "member", "lines", "coupons", "points", "destination", "pick_up", "currency", "locale"])
        let channel = try channelID(try object.requiredText("channel"), "channel")
        var basket = try Basket(object, channel: channel, usual: usual)
        if let text = try object.text("member") {
            guard let member = EntityID(text) else { throw Problem.invalid("member", "must be a member's id") }
            basket.member = member
        }
        return basket
    }
}

extension Basket {
    /// Reads what is to be bought, and how, out of a request.
    init(_ object: JSONObject, channel: ChannelID, usual: (currency: Currency, locale: String)) throws(Problem) {
        guard let rows = object["lines"]?.array else { throw .invalid("lines", "must be a list of SKUs and quantities") }
        guard rows.count <= PricedOrder.linesMax else { throw .invalid("lines", "has \(rows.count) lines, an order has at most \(PricedOrder.linesMax)") }
        var lines: [Line] = []
        for (index, row) in rows.enumerated() {
            guard let row = row.object else { throw .invalid("lines[\(index)]", "must be an object") }
            for name in row.names where name != "sku" && name != "quantity" {
                throw .invalid("lines[\(index)].\(name)", "is not a member of a line; known are quantity, sku")
            }
            guard let sku = row["sku"]?.string.flatMap({ EntityID($0) }) else { throw .invalid("lines[\(index)].sku", "must be a SKU's id") }
            guard let quantity = row["quantity"]?.integer else { throw .invalid("lines[\(index)].quantity", "must be a whole number") }
            lines.append(Line(sku: sku, quantity: quantity))
        }
        var currency = usual.currency
        if let text = try object.text("currency") {
            guard let known = Currency(text) else { throw .invalid("currency", "is no code of ISO 4217, such as CNY") }
            currency = known
        }
        let locale = try object.text("locale", bytesMax: 35) ?? usual.locale
        self.init(channel: channel, lines: lines, currency: currency, locale: locale)
        coupons = try Basket.texts(object, "coupons", bytesMax: 64) ?? []
        points = try AdminAPI.whole(object, "points") ?? 0
        destination = try Basket.texts(object, "destination", bytesMax: 40).map { Region($0) }
        guard destination?.codes.count ?? 0 <= 8 else { throw .invalid("destination", "has at most 8 parts") }
        pickUp = try AdminAPI.warehouse(object, "pick_up")
    }

    private static func texts(_ object: JSONObject, _ name: String, bytesMax: Int) throws(Problem) -> [String]? {
        guard let value = object[name], !value.isNull else { return nil }
        guard let array = value.array, array.count <= 100 else { throw .invalid(name, "must be a list of at most 100 texts") }
        var texts: [String] = []
        for (index, element) in array.enumerated() {
            guard let text = element.string, (1...bytesMax).contains(text.utf8.count), text.unicodeScalars.allSatisfy({ $0.value >= 0x20 }) else {
                throw .invalid("\(name)[\(index)]", "must be a text of 1 to \(bytesMax) bytes")
            }
            texts.append(text)
        }
        return texts
    }
}

extension Offer {
    /// What it costs, line by line, and how each number came about.
    var priceJSON: JSONObject {
        JSONObject([
            ("currency", .string(currency.code)), ("total", .integer(total)), ("points", .integer(points)),
            (
                "lines",
                .array(
                    lines.map { line in
                        let priced = line.priced
                        return [
                            "line": .integer(Int64(line.number)), "sku": .string(priced.sku.text), "title": .string(line.title),
                            "quantity": .integer(line.quantity), "unit": .integer(priced.unit), "reduction": .integer(priced.reduction),
                            "points": .integer(priced.points), "freight": .integer(priced.freight), "tax": .integer(priced.tax),
                            "payable": .integer(priced.payable),
                        ]
                    })
            ),
            (
                "steps",
                .array(
                    steps.map { step in
                        [
                            "step": .string(step.name.rawValue), "rule": .string(step.rule), "words": .string(step.words),
                            "amount": .integer(step.amount), "lines": .array(step.lines.map(JSON.integer)),
                        ]
                    })
            ),
        ])
    }

    var trialJSON: JSON { .object(priceJSON) }
}
