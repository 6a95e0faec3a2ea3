import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Mall
import Store

extension ShopAPI {
    var orderRoutes: [Route] { [orderList, order] + orderActRoutes + moneyRoutes + caseRoutes }

    static let noOrder = RouteAnswer.problem(404, "No order of this number here, or somebody else's.")

    private var orderList: Route {
        Route(
            .get, "\(ShopAPI.root)/orders", .shop, .shop, "The member's orders at this channel, newest first",
            parameters: [.query("state", .word(OrderPhase.allCases.map(\.rawValue)), "In one state.")] + RouteParameter.page,
            answers: [.json("ShopOrderList", "A line each; `version` grows with everything that happens to one.")]
        ) { exchange in
            let page = try await desk.orders(
                try exchange.word("state", OrderPhase.self), try exchange.page(), for: try exchange.member)
            return .json(page.json(\.shopJSON))
        }
    }

    private var order: Route {
        Route(
            .get, "\(ShopAPI.root)/orders/{number}", .shop, .shop, "One order: its lines, money, parcels, cases and all that happened",
            parameters: [.header("If-None-Match", "The `ETag` held; 304 while it is still so.")],
            answers: [.json("ShopOrder", "As its buyer may see it."), .empty(304, "It is as it was."), ShopAPI.noOrder]
        ) { exchange in
            exchange.tagged(try await desk.order(try exchange.path("number"), for: try exchange.shopper))
        }
    }

    private var orderActRoutes: [Route] {
        [
            act("/received", .receive, "Say that everything arrived", schema: nil),
            act("/remarks", .remark, "Add a remark for the seller", schema: "ShopRemark"),
            changing(
                .post, "/orders/{number}/cancel", "Call the order off before it is sent; what was paid goes back by itself",
                body: .json(bytesMax: limits.bodyBytesMax, schema: "OrderCancellation"),
                answers: [
                    .json("ShopOrder", "It is cancelled. What may be paid was closed at its gateway first."), ShopAPI.noOrder,
                    .problem(409, "It has left, or may be paid right now; or the first request is still being worked on."),
                ]
            ) { exchange, shopper, key in
                let object = try exchange.object(["reason"])
                let reason = try object.requiredText("reason", bytesMax: 500)
                return try await desk.cancel(try exchange.path("number"), reason: reason, for: shopper, once: key)
            },
        ]
    }

    private var moneyRoutes: [Route] {
        [
            changing(
                .post, "/orders/{number}/pay", "Open a payment of all that is missing",
                body: .json(bytesMax: limits.bodyBytesMax, schema: "PaymentOpening"),
                answers: [
                    .json("OpenedPayment", "What the buyer's client needs; asked under another key, the attempt that is open."),
                    ShopAPI.noOrder,
                    .problem(409, "Nothing is to be paid, or another attempt may be paid right now; or the first request is still being worked on."),
                ]
            ) { exchange, shopper, key in
                let (gateway, terms) = try exchange.paymentOpening
                return try await desk.pay(try exchange.path("number"), at: gateway, terms: terms, for: shopper, once: key)
            }
        ]
    }

    private var caseRoutes: [Route] {
        [
            act("/after-sales", .ask, "Ask for money, other goods or a return", schema: "ShopClaim"),
            act("/after-sales/{case}/answer", .answer, "Answer what the seller offers", schema: "ShopAnswer"),
            act("/after-sales/{case}/sent", .sendBack, "Say how the goods come back", schema: "ShopSending"),
            act("/after-sales/{case}/complaint", .complain, "Have a declined case looked at again", schema: "ShopComplaint"),
            act("/after-sales/{case}/withdrawal", .withdraw, "Let a case go", schema: nil),
        ]
    }

    /// Something a buyer does to an order, read and judged as what sellers do is.
    private func act(_ path: String, _ word: OrderAct.Word, _ summary: String, schema: String?) -> Route {
        changing(
            .post, "/orders/{number}\(path)", summary,
            body: schema.map { .json(bytesMax: limits.bodyBytesMax, schema: $0) } ?? .none,
            answers: [
                .json("ShopOrder", "The order as it is now."), ShopAPI.noOrder,
                .problem(409, "It cannot be now, `detail` says why; or the first request is still being worked on."),
            ]
        ) { exchange, shopper, key in
            var members = JSONObject()
            if schema != nil {
                let value = try JSON.parse(exchange.body, depthMax: exchange.limits.jsonDepthMax)
                guard let object = value.object else { throw Problem.invalid("body", "must be a JSON object, got \(value.typeName)") }
                members = object
            }
            guard members["case"] == nil else { throw Problem.invalid("case", "is in the address") }
            let named = path.contains("{case}") ? try exchange.path("case") : nil
            if let named {
                // What is no id names no case.
                guard EntityID(named) != nil else { throw DeskError.notFound("case \(named.prefix(64))") }
                members["case"] = .string(named)
            }
            let act: OrderAct
            do throws(ValidationFailure) { act = try OrderAct(word, .object(members)) } catch { throw Problem.invalid(error.field, error.reason) }
            let order = ShopAct(number: try exchange.path("number"), act: act, caseID: named.flatMap { EntityID($0) })
            return try await desk.act(order, for: shopper, once: key)
        }
    }
}

extension OrderHead {
    /// A line of a member's list.
    fileprivate var shopJSON: JSON {
        [
            "number": .string(number), "state": .string(phase.rawValue), "total": total.map(\.json) ?? .null,
            "placed_at": placedAt.map { .integer($0.milliseconds) } ?? .null, "changed_at": .integer(changedAt.milliseconds),
            "version": .integer(version), "cases": .integer(cases),
        ]
    }
}
