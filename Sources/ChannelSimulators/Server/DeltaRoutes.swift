import Commerce

/// The delta protocol's endpoints.
struct DeltaRoutes: Sendable {
    let shop: ShopSimulator

    func answer(_ request: ShopRequest) async throws(ShopProblem) -> ShopAnswer {
        switch (request.method, request.path) {
        case ("GET", ["capabilities"]): return ShopAnswer(200, await shop.capabilities())
        case ("POST", ["deltas"]): return ShopAnswer(200, try await shop.receive(try request.json()))
        case ("GET", ["deltas"]):
            return ShopAnswer(200, try await shop.pull(since: request.text("since"), limit: try request.limit()))
        case ("POST", ["read"]): return ShopAnswer(200, try await shop.read(try request.json()))
        case ("POST", ["digests"]): return ShopAnswer(200, try await shop.digests(try request.json()))
        case ("POST", ["quantities"]): return ShopAnswer(200, try await shop.takeQuantities(try request.json()))
        case ("POST", ["quantities", "read"]): return ShopAnswer(200, try await shop.tellQuantities(try request.json()))
        case ("POST", ["orders"]): return ShopAnswer(200, try await shop.takeOrders(try request.json()))
        case ("GET", ["snapshot"]):
            return ShopAnswer(200, await shop.snapshot(after: request.text("after"), limit: try request.limit()))
        default: throw ShopProblem(404, "not_found", "there is no \(request.method) /\(request.path.joined(separator: "/"))")
        }
    }
}
