import Commerce
import HTTPTypes
import Hummingbird
import Mall
import Store

extension AdminAPI {
    var orderRoutes: [Route] { orderListRoutes + orderActRoutes + orderMoneyRoutes + orderRuleRoutes }

    private static let orderPath = "\(root)/orders"

    private var orderListRoutes: [Route] {
        [
            Route(
                .get, AdminAPI.orderPath, .operators(.read), .operators, "Orders that fit, newest first",
                parameters: [
                    .query("channel", "Of one channel."), .query("member", "Of one member."),
                    .query("state", .word(OrderPhase.allCases.map(\.rawValue)), "In one state."),
                    .query("external_number", "What its channel calls it."), .query("phone_tail", "The last four digits of the buyer's phone."),
                    .query("placed_from", "Placed at this instant or later, in milliseconds since 1970 UTC."),
                    .query("placed_before", "Placed before this instant."),
                    .query("cases", .boolean, "Only with an open after-sale case."),
                    .query("problems", .boolean, "Only those a person should look at."),
                ] + RouteParameter.page,
                answers: [
                    .json("OrderList", "A line each; `version` grows with everything that happens to one."), .problem(404, "There is no such channel."),
                ]
            ) { exchange in .json(try await orders.orders(try AdminAPI.search(exchange), try exchange.page()).json(\.json)) },
            Route(
                .get, "\(AdminAPI.orderPath)/{number}", .operators(.read), .operators, "One order: what it is, what it has, and all that happened",
                answers: [.json("Order", "Named by its number, or by what its channel calls it.")]
            ) { exchange in .json(try await orders.order(try exchange.path("number")).json) },
            Route(
                .get, "\(AdminAPI.orderPath)/{number}/plan", .operators(.read), .operators, "The parcels in which the rest of it can leave",
                answers: [
                    .json("ShippingPlan", "By the warehouses its goods are held in."),
                    .problem(409, "Some of it is in no warehouse."),
                ]
            ) { exchange in .json(["parcels": .array(try await orders.plan(try exchange.path("number")).map(\.json))]) },
        ]
    }

    private var orderActRoutes: [Route] {
        [
            Route(
                .post, "\(AdminAPI.orderPath)/{number}/acts", .operators(.operate), .operators,
                "Ship, hand over, answer a case, and whatever else a seller does to an order", body: jsonBody("OrderAct"),
                answers: [.json("Order", "As it is now."), .problem(409, "It cannot be now; what stands in the way is said.")]
            ) { exchange in
                let number = try exchange.path("number")
                let (word, act) = try AdminAPI.act(exchange)
                return try await once(exchange) { (.ok, try await orders.act(act, word, on: number, by: exchange.principal).json) }
            },
            Route(
                .post, "\(AdminAPI.orderPath)/{number}/cancel", .operators(.operate), .operators,
                "Call an order off before it is sent: what may be paid is closed at its gateway first", body: jsonBody("OrderCancellation"),
                answers: [.json("Order", "What was paid goes back by itself."), .problem(409, "It has left, or may be paid right now.")]
            ) { exchange in
                let object = try exchange.object(["reason"])
                let reason = try object.requiredText("reason", bytesMax: 500)
                return .json(try await orders.cancel(try exchange.path("number"), reason: reason, by: exchange.principal).json)
            },
        ]
    }

    private var orderMoneyRoutes: [Route] {
        [
            Route(
                .post, "\(AdminAPI.orderPath)/{number}/payments", .operators(.operate), .operators, "Open a payment of all that is missing",
                body: jsonBody("PaymentOpening"),
                answers: [
                    .json("OpenedPayment", "What the buyer's client needs; asked again, the attempt that is open."),
                    .problem(409, "Nothing is to be paid, or another attempt may be paid right now."),
                ]
            ) { exchange in
                let (gateway, terms) = try exchange.paymentOpening
                let opened = try await orders.openPayment(
                    try exchange.path("number"), at: gateway, terms: terms, by: exchange.principal)
                return .json(opened.json)
            },
            Route(
                .post, "\(AdminAPI.orderPath)/{number}/trial-payment", .operators(.operate), .operators,
                "Pay at the trial gateway, where it is switched on", body: jsonBody("TrialPayment"),
                answers: [.json("Order", "As it is with the money."), .problem(409, "The trial gateway is off.")]
            ) { exchange in
                let object = try exchange.object(["amount", "transaction"])
                let transaction = try object.text("transaction", bytesMax: 128)
                if let transaction, !transaction.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) || transaction.isEmpty {
                    throw Problem.invalid("transaction", "must be printable ASCII without spaces")
                }
                return .json(
                    try await orders.payTrial(
                        try exchange.path("number"), amount: try AdminAPI.whole(object, "amount"), transaction: transaction,
                        by: exchange.principal
                    ).json)
            },
            Route(
                .post, "\(AdminAPI.orderPath)/{number}/refunds/{refund}", .operators(.operate), .operators,
                "Send a refund again under its number, or say that it is through", body: jsonBody("RefundAct"),
                answers: [.json("Order", "As it is now."), .problem(409, "It is through already.")]
            ) { exchange in
                let object = try exchange.object(["act"])
                guard let act = RefundAct(rawValue: try object.requiredText("act")) else {
                    throw Problem.invalid("act", "must be one of \(RefundAct.allCases.map(\.rawValue).joined(separator: ", "))")
                }
                guard let id = EntityID(try exchange.path("refund")) else { throw Problem.invalid("refund", "must be a refund's number, such as r1") }
                return .json(try await orders.refund(id, of: try exchange.path("number"), act, by: exchange.principal).json)
            },
        ]
    }

    private var orderRuleRoutes: [Route] {
        let policy = "\(AdminAPI.root)/channels/{id}/order-policy"
        return [
            Route(
                .get, "\(AdminAPI.root)/timers", .operators(.read), .operators, "What becomes due by itself, the next first",
                parameters: RouteParameter.page, answers: [.json("TimerList", "Rows of the store: no restart loses one.")]
            ) { exchange in .json(try await orders.timers(try exchange.page()).json(\.json)) },
            Route(
                .get, "\(AdminAPI.root)/order-audit", .operators(.read), .operators, "Fold every order again and compare",
                answers: [.json("OrderDifferenceList", "Empty when all that is kept of orders follows from their facts.")]
            ) { exchange in
                let found = try await orders.differences()
                return .json(Page(found).json { ["order": .string($0.order), "problem": .string($0.problem)] })
            },
            Route(
                .get, policy, .operators(.read), .operators, "How a channel's orders are treated",
                answers: [.json("OrderPolicy", "Durations are seconds.")]
            ) { exchange in
                .json(try await orders.policy(of: try AdminAPI.channelID(try exchange.path("id"), "id")).json)
            },
            Route(
                .put, policy, .operators(.operate), .operators, "Set how a channel's orders are treated", body: jsonBody("OrderPolicy"),
                answers: [.json("OrderPolicy", "In force for what happens from now on.")]
            ) { exchange in
                let value = try JSON.parse(exchange.body, depthMax: exchange.limits.jsonDepthMax)
                let wanted: OrderPolicy
                do throws(ValidationFailure) { wanted = try OrderPolicy(value) } catch { throw Problem.invalid(error.field, error.reason) }
                let channel = try AdminAPI.channelID(try exchange.path("id"), "id")
                return .json(try await orders.setPolicy(wanted, of: channel, by: exchange.principal).json)
            },
        ]
    }

    private static func search(_ exchange: Exchange) throws -> OrderSearch {
        var search = OrderSearch()
        search.channel = try exchange.query("channel").map { text throws(Problem) in try channelID(text, "channel") }
        if let text = exchange.query("member") {
            guard let member = EntityID(text) else { throw Problem.invalid("member", "must be a member's id") }
            search.member = member
        }
        search.phase = try exchange.word("state", OrderPhase.self)
        search.external = exchange.query("external_number")
        search.phoneTail = exchange.query("phone_tail")
        search.placedFrom = try exchange.query("placed_from").map { text throws(Problem) in try instant(text, "placed_from") }
        search.placedBefore = try exchange.query("placed_before").map { text throws(Problem) in try instant(text, "placed_before") }
        search.hasCases = try exchange.flag("cases")
        search.hasProblems = try exchange.flag("problems")
        return search
    }

    private static func instant(_ text: String, _ field: String) throws(Problem) -> Timestamp {
        Timestamp(milliseconds: try number(text, field))
    }

    /// The act a body asks for: its word, and its members.
    static func act(_ exchange: Exchange) throws -> (OrderAct.Word, OrderAct) {
        let value = try JSON.parse(exchange.body, depthMax: exchange.limits.jsonDepthMax)
        guard case .object(let object) = value else { throw Problem.invalid("body", "must be a JSON object, got \(value.typeName)") }
        guard let word = OrderAct.Word(rawValue: try object.requiredText("act")) else {
            throw Problem.invalid("act", "must be one of \(OrderAct.Word.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let rest = JSONObject(object.filter { $0.name != "act" }.map { ($0.name, $0.value) })
        do throws(ValidationFailure) { return (word, try OrderAct(word, .object(rest))) } catch {
            throw Problem.invalid(error.field, error.reason)
        }
    }
}

extension Exchange {
    /// Where somebody means to pay, and how.
    var paymentOpening: (gateway: String, terms: PaymentTerms) {
        get throws {
            var object = try object(["gateway", "way", "payer", "client_address", "return_url"])
            let gateway = try object.requiredText("gateway", bytesMax: 32)
            object["gateway"] = nil
            do throws(ValidationFailure) { return (gateway, try PaymentTerms(.object(object))) } catch {
                throw Problem.invalid(error.field, error.reason)
            }
        }
    }
}

extension OpenedPayment {
    var json: JSON {
        [
            "attempt": .string(attempt.id.text), "gateway": .string(attempt.gateway), "amount": attempt.amount.json,
            "parameters": parameters,
        ]
    }
}
