import ChannelAdapters
import Commerce

/// The plain profile's endpoints.
struct PlainRoutes: Sendable {
    let shop: ShopSimulator

    func answer(_ request: ShopRequest) async throws(ShopProblem) -> ShopAnswer {
        let path = request.path
        if request.method == "GET", path == ["about"] { return ShopAnswer(200, await shop.about()) }
        if request.method == "GET", path == ["items"] {
            return ShopAnswer(
                200,
                await shop.items(
                    updatedSince: try request.integer("updated_since"), after: request.text("after"),
                    limit: try request.limit()))
        }
        guard path.count == 3, path[0] == "items", let entity = RemoteRef(name: "\(path[1])/\(path[2])") else {
            throw ShopProblem(404, "not_found", "there is no /\(path.joined(separator: "/"))")
        }
        let match = request.header("if-match").map { $0.filter { $0 != "\"" } }
        let key = request.header("idempotency-key")
        switch request.method {
        case "GET": return ShopAnswer(item: try await shop.item(entity))
        case "PUT":
            return ShopAnswer(item: try await shop.putItem(entity, try request.json(), match: match, key: key))
        case "DELETE":
            try await shop.deleteItem(entity, match: match, key: key)
            return ShopAnswer(204)
        default: throw ShopProblem(405, "method", "items take GET, PUT and DELETE")
        }
    }
}
