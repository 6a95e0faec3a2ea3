import Commerce
import HTTPTypes
import Hummingbird
import Store

extension AdminAPI {
    var stockRoutes: [Route] { levelRoutes + holdRoutes + rightRoutes + stockCareRoutes }

    private var levelRoutes: [Route] {
        let path = "\(AdminAPI.root)/stock"
        return [
            Route(
                .get, path, .operators(.read), .operators, "What there is, by SKU and warehouse",
                parameters: [.query("low", .boolean, "Only what runs low.")] + RouteParameter.page,
                answers: [.json("StockList", "SKUs that goods were ever received of, in the order they were made.")]
            ) { exchange in
                .json(try await stock.levels(low: try exchange.flag("low"), try exchange.page()).json(\.json))
            },
            Route(
                .get, "\(path)/{id}", .operators(.read), .operators, "One SKU's stock, its holds and its last movements",
                answers: [.json("StockReport", "`version` is where it stands in the feed.")]
            ) { exchange in .json(try await stock.stock(try exchange.path("id")).json) },
            Route(
                .get, "\(path)/{id}/entries", .operators(.read), .operators, "All movements of a SKU, newest first",
                parameters: RouteParameter.page, answers: [.json("StockEntryList", "Each with its cause; none is ever altered.")]
            ) { exchange in .json(try await stock.entries(try exchange.path("id"), try exchange.page()).json(\.json)) },
            Route(
                .put, "\(path)/{id}/rule", .operators(.operate), .operators, "Set what may be promised that is not there, and when to tell",
                body: jsonBody("StockRule"), answers: [.json("StockReport", "In force at once.")]
            ) { exchange in
                let object = try exchange.object(["warehouse", "backorder_limit", "alert_below"])
                let order = StockRuleOrder(
                    sku: try exchange.path("id"), warehouse: try AdminAPI.warehouse(object, "warehouse") ?? .main,
                    backorderLimit: try AdminAPI.whole(object, "backorder_limit") ?? 0, alertBelow: try AdminAPI.whole(object, "alert_below"))
                return .json(try await stock.setRule(order, by: exchange.principal).json)
            },
            Route(
                .post, "\(AdminAPI.root)/stock-moves", .operators(.operate), .operators, "Receive, count, correct or move goods",
                body: jsonBody("StockMove"),
                answers: [
                    .json("StockAnswer", "`done`, or `known` when its cause has moved this before."),
                    .problem(409, "There is not as much, or the cause was used for another movement."),
                ]
            ) { exchange in
                let order = try AdminAPI.move(
                    try exchange.object(["act", "sku", "quantity", "warehouse", "to", "cause", "reason"]))
                return .json(try AdminAPI.answer(try await stock.move(order, by: exchange.principal), order.sku))
            },
        ]
    }

    /// A movement's answer; too little is a refusal that says what there is.
    static func answer(_ outcome: StockOutcome, _ sku: String) throws(DeskError) -> JSON {
        switch outcome {
        case .done(let steps): return ["result": "done", "steps": .array(steps.map(\.json))]
        case .known: return ["result": "known", "steps": []]
        case .short(let shortfall): throw .refused(shortfall.description, next: "heyi stock show \(sku)")
        }
    }

    private static func move(_ object: JSONObject) throws -> StockMoveOrder {
        guard let act = StockMoveOrder.Act(rawValue: try object.requiredText("act")) else {
            throw Problem.invalid("act", "must be one of \(StockMoveOrder.Act.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        guard let quantity = try whole(object, "quantity") else { throw Problem.invalid("quantity", "is required") }
        return StockMoveOrder(
            act: act, sku: try object.requiredText("sku"), quantity: quantity,
            warehouse: try warehouse(object, "warehouse") ?? .main, target: try warehouse(object, "to"),
            cause: try object.requiredText("cause"), reason: try object.text("reason"))
    }

    static func warehouse(_ object: JSONObject, _ name: String) throws(Problem) -> WarehouseID? {
        guard let text = try object.text(name) else { return nil }
        guard let id = WarehouseID(text) else {
            throw .invalid(name, "must be a warehouse: 1 to 32 characters out of a-z 0-9 -, starting with a letter")
        }
        return id
    }

    static func whole(_ object: JSONObject, _ name: String) throws(Problem) -> Int64? {
        guard let value = object[name], !value.isNull else { return nil }
        guard let number = value.integer else { throw .invalid(name, "must be a whole number, got \(value.text)") }
        return number
    }
}
