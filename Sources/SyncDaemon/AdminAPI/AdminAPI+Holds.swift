import Commerce
import HTTPTypes
import Hummingbird
import Store

extension AdminAPI {
    var holdRoutes: [Route] {
        let path = "\(AdminAPI.root)/holds"
        return [
            Route(
                .get, path, .operators(.read), .operators, "What is held and what was bought, newest first",
                parameters: [
                    .query("sku", "Of one SKU."),
                    .query("state", .word(HoldState.allCases.map(\.rawValue)), "In one state."),
                ] + RouteParameter.page,
                answers: [
                    .json("HoldList", "One row for each line, SKU and warehouse of an order."), .problem(404, "There is no such SKU."),
                ]
            ) { exchange in
                let state = try exchange.word("state", HoldState.self)
                return .json(try await stock.holds(exchange.query("sku"), state, try exchange.page()).json(\.json))
            },
            Route(
                .post, path, .operators(.operate), .operators, "Hold goods for somebody, all or none", body: jsonBody("HoldOrder"),
                answers: [
                    .json("HoldAnswer", "`held`, or `known` when this attempt was answered before."),
                    .problem(409, "Not all of it is there; what there is is said."),
                ]
            ) { exchange in
                let order = try AdminAPI.hold(try exchange.object(["owner", "attempt", "lines", "minutes", "channel"]))
                switch try await stock.hold(order, by: exchange.principal) {
                case .held(let holds): return .json(["result": "held", "holds": .array(holds.map(\.json))])
                case .known(let holds): return .json(["result": "known", "holds": .array(holds.map(\.json))])
                case .short(let found):
                    let words = found.map(\.description).joined(separator: "; ")
                    let next = found.first.map { "heyi stock show \($0.sku.id)" }
                    throw DeskError.refused("Not all of it is there: \(words).", next: next)
                }
            },
            Route(
                .post, "\(path)/release", .operators(.operate), .operators, "Give back what somebody holds", body: jsonBody("HoldRelease"),
                answers: [
                    .json("HoldAnswer", "`done`, or `already` when nothing was held any more."),
                    .problem(404, "Nobody of this name holds anything."),
                    .problem(409, "It was paid for, or it is not known whether it was."),
                ]
            ) { exchange in
                let object = try exchange.object(["owner", "attempt"])
                let owner = try object.requiredText("owner")
                switch try await stock.release(owner: owner, attempt: try AdminAPI.whole(object, "attempt"), by: exchange.principal) {
                case .done(let holds): return .json(["result": "done", "holds": .array(holds.map(\.json))])
                case .already(let holds): return .json(["result": "already", "holds": .array(holds.map(\.json))])
                case .refused(let state, _):
                    throw DeskError.refused(
                        state == .open ? "Nobody knows yet whether \(owner) was paid for." : "\(owner) was \(state.rawValue).", next: nil)
                case .nothing: throw DeskError.notFound("a hold of \(owner)")
                }
            },
        ]
    }

    private static func hold(_ object: JSONObject) throws -> HoldOrder {
        guard let rows = object["lines"]?.array, !rows.isEmpty else { throw Problem.invalid("lines", "must be a list of goods") }
        var lines: [HoldOrder.Line] = []
        for (index, row) in rows.enumerated() {
            guard let row = row.object else { throw Problem.invalid("lines[\(index)]", "must be an object") }
            for name in row.names where !["line", "sku", "quantity"].contains(name) {
                throw Problem.invalid("lines[\(index)].\(name)", "is not a member of a line; known are line, quantity, sku")
            }
            guard let quantity = try whole(row, "quantity") else { throw Problem.invalid("lines[\(index)].quantity", "is required") }
            lines.append(
                HoldOrder.Line(
                    line: try row.text("line") ?? String(index + 1), sku: try row.requiredText("sku"), quantity: quantity))
        }
        let channel = try object.text("channel").map { text throws(Problem) in try channelID(text, "channel") }
        let minutes = try whole(object, "minutes") ?? 15
        guard (1...10_080).contains(minutes) else { throw Problem.invalid("minutes", "must be from 1 to 10080") }
        return HoldOrder(
            owner: try object.requiredText("owner"), attempt: try whole(object, "attempt") ?? 0, lines: lines, minutes: minutes,
            channel: channel)
    }
}
