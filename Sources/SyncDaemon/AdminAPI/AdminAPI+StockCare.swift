import Commerce
import HTTPTypes
import Hummingbird
import Store

extension AdminAPI {
    var stockCareRoutes: [Route] {
        let path = "\(AdminAPI.root)/stock-audit"
        let notices = "\(AdminAPI.root)/stock-notices"
        return [
            Route(
                .get, path, .operators(.read), .operators, "Compare all balances with the sum of their entries",
                parameters: [.query("sku", "Of one SKU.")], answers: [.json("StockDifferenceList", "Nothing when all fits together."), .problem(404, "There is no such SKU.")]
            ) { exchange in .json(Page(try await stock.differences(exchange.query("sku"))).json(\.json)) },
            Route(
                .post, path, .operators(.admin), .operators, "Put balances right by new entries", body: jsonBody("StockRepair"),
                answers: [
                    .json("StockDifferenceList", "What was put right."),
                    .problem(404, "There is no such SKU."), .problem(409, "Entries are missing, so they cannot be believed."),
                ]
            ) { exchange in
                let object = try exchange.object(["sku", "believe"])
                guard let truth = StockTruth(rawValue: try object.text("believe") ?? StockTruth.entries.rawValue) else {
                    throw Problem.invalid("believe", "must be entries or balances")
                }
                let found = try await stock.repair(try object.text("sku"), believing: truth, by: exchange.principal)
                return .json(Page(found).json(\.json))
            },
            Route(
                .get, notices, .operators(.read), .operators, "What happened to stock that a person must know, newest first",
                parameters: [.query("settled", .boolean, "Those that were dealt with.")] + RouteParameter.page,
                answers: [.json("StockNoticeList", "Sales beyond a right, and counts that found too few.")]
            ) { exchange in
                .json(try await stock.notices(open: try !exchange.flag("settled"), try exchange.page()).json(\.json))
            },
            Route(
                .post, "\(notices)/{id}/settle", .operators(.operate), .operators, "Note that a person has dealt with it",
                answers: [.json("CommandAnswer", "`settled`, or `already_settled`.")]
            ) { exchange in
                let id = try AdminAPI.number(try exchange.path("id"), "id")
                let outcome = try await stock.settle(id, by: exchange.principal)
                return .json(["id": .string(String(id)), "result": outcome == .done ? "settled" : "already_settled"])
            },
            Route(
                .get, "\(AdminAPI.root)/warehouses", .operators(.read), .operators, "Where goods lie, in the order they are taken from",
                answers: [.json("WarehouseList", "Closed ones too.")]
            ) { _ in .json(Page(try await stock.warehouses()).json(\.json)) },
            Route(
                .put, "\(AdminAPI.root)/warehouses/{id}", .operators(.admin), .operators, "Make or change a warehouse",
                body: jsonBody("WarehouseOrder"), answers: [.empty(204, "In force at once.")]
            ) { exchange in
                let object = try exchange.object(["name", "place", "closed"])
                guard let id = WarehouseID(try exchange.path("id")) else {
                    throw Problem.invalid("id", "must be 1 to 32 characters out of a-z 0-9 -, starting with a letter")
                }
                if let closed = object["closed"], closed.bool == nil { throw Problem.invalid("closed", "must be true or false") }
                try await stock.putWarehouse(
                    WarehouseOrder(
                        id: id, name: try object.text("name", bytesMax: 100) ?? "", place: try AdminAPI.whole(object, "place") ?? 0,
                        isClosed: object["closed"]?.bool ?? false), by: exchange.principal)
                return .noContent
            },
        ]
    }
}
