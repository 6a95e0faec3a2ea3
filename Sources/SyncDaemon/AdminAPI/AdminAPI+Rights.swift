import Commerce
import HTTPTypes
import Hummingbird
import Store

extension AdminAPI {
    var rightRoutes: [Route] {
        let path = "\(AdminAPI.root)/rights"
        return [
            Route(
                .get, path, .operators(.read), .operators, "What channels may sell without asking",
                parameters: [.query("channel", "Of one channel."), .query("sku", "Of one SKU.")],
                answers: [
                    .json("RightList", "`published` is what the channel is to sell from."), .problem(404, "There is no such SKU or channel."),
                ]
            ) { exchange in
                .json(Page(try await stock.rights(try AdminAPI.channel(exchange), exchange.query("sku"))).json(\.json))
            },
            Route(
                .post, path, .operators(.operate), .operators, "Let a channel sell more on its own, or less", body: jsonBody("RightOrder"),
                answers: [
                    .json("StockAnswer", "`done`, or `known` when its cause was worked off before."),
                    .problem(409, "There is not as much, or another withdrawal is not confirmed yet."),
                ]
            ) { exchange in
                let object = try exchange.object(["act", "channel", "sku", "warehouse", "quantity", "cause"])
                guard let act = RightOrder.Act(rawValue: try object.requiredText("act")) else {
                    throw Problem.invalid("act", "must be one of \(RightOrder.Act.allCases.map(\.rawValue).joined(separator: ", "))")
                }
                let order = RightOrder(
                    act: act, channel: try AdminAPI.channelID(try object.requiredText("channel"), "channel"),
                    sku: try object.requiredText("sku"), warehouse: try AdminAPI.warehouse(object, "warehouse") ?? .main,
                    quantity: try AdminAPI.whole(object, "quantity"), cause: try object.requiredText("cause"))
                return .json(try AdminAPI.answer(try await stock.right(order, by: exchange.principal), order.sku))
            },
            Route(
                .put, "\(path)/balance", .operators(.operate), .operators, "Let the rights to a SKU follow demand",
                body: jsonBody("BalanceOrder"), answers: [.empty(204, "Looked at within a minute, and once a minute from then on.")]
            ) { exchange in
                let object = try exchange.object(["sku", "units"])
                try await stock.balance(
                    try object.requiredText("sku"), units: try AdminAPI.whole(object, "units"), by: exchange.principal)
                return .noContent
            },
            Route(
                .put, "\(AdminAPI.root)/publishing", .operators(.operate), .operators, "Set how much a channel is shown",
                body: jsonBody("PublishingOrder"), answers: [.empty(204, "In force at once, and on its way to the channel.")]
            ) { exchange in
                let object = try exchange.object(["channel", "sku", "share", "floor", "cap", "ring_fence", "buffer"])
                let policy = try PublishingPolicy(
                    share: try AdminAPI.whole(object, "share") ?? 1000, floor: try AdminAPI.whole(object, "floor") ?? 0,
                    cap: try AdminAPI.whole(object, "cap"), ringFence: try AdminAPI.whole(object, "ring_fence") ?? 0,
                    buffer: try AdminAPI.whole(object, "buffer") ?? 0)
                let channel = try AdminAPI.channelID(try object.requiredText("channel"), "channel")
                try await stock.publish(policy, of: channel, try object.text("sku"), by: exchange.principal)
                return .noContent
            },
        ]
    }
}
