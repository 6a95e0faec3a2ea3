import ChannelAdapters
import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore

extension AdminAPI {
    var gatewayRoutes: [Route] {
        let path = "\(AdminAPI.root)/gateways"
        return [
            Route(
                .get, path, .operators(.read), .operators, "Accounts at payment and logistics platforms, and how their callbacks fare",
                answers: [.json("GatewayList", "As they are configured; counts are since the daemon started.")]
            ) { _ in .json(["data": .array(try await gateways.gateways().map(\.json)), "next": .null]) },
            Route(
                .post, "\(path)/{id}/check", .operators(.operate), .operators, "Try an account's keys at its platform; nothing is moved",
                answers: [.json("GatewayHealth", "`level` is fine, doubtful or broken; `words` say what to do.")]
            ) { exchange in
                let health = try await gateways.check(try exchange.path("id"))
                return .json(["level": .string(health.level.rawValue), "words": .string(health.words)])
            },
            Route(
                .post, "\(path)/{id}/samples/{word}", .operators(.admin), .operators,
                "Make a callback as the platform would sign it, where the keys here suffice",
                answers: [
                    .json("GatewaySample", "Headers and body, to be posted to the gateway's own address."),
                ]
            ) { exchange in
                let sample = try await gateways.sample(try exchange.path("id"), try exchange.path("word"))
                return .json([
                    "method": .string(sample.method), "tail": .string(sample.tail),
                    "headers": .array(sample.headers.map { .array([.string($0.name), .string($0.value)]) }),
                    "body_base64": .string(Base64.encode(sample.body)),
                ])
            },
        ]
    }
}
