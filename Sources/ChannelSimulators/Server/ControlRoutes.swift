import ChannelAdapters
import Commerce

/// What drives and reads the simulation. Asks for no secret; the server listens on loopback alone.
struct ControlRoutes: Sendable {
    let shop: ShopSimulator

    func answer(_ request: ShopRequest) async -> ShopAnswer {
        do throws(ShopProblem) {
            return try await routed(request)
        } catch {
            return ShopAnswer(error)
        }
    }

    private func routed(_ request: ShopRequest) async throws(ShopProblem) -> ShopAnswer {
        switch (request.method, request.path.dropFirst().joined(separator: "/")) {
        case ("GET", "state"): return ShopAnswer(200, await shop.state())
        case ("GET", "digest"): return ShopAnswer(200, ["digest": .string(await shop.digest())])
        case ("GET", "ledger"):
            return ShopAnswer(200, await shop.ledgerReport(withWrites: request.text("writes") == "true"))
        case ("GET", "shelf"):
            let shelf = await shop.shelf.sorted { $0.key < $1.key }
            return ShopAnswer(200, .object(JSONObject(shelf.map { ($0.key.id, .integer($0.value)) })))
        case ("GET", "orders"): return ShopAnswer(200, ["orders": .array(await shop.standings())])
        case ("GET", "dials"): return ShopAnswer(200, await shop.dials.json)
        case ("POST", "dials"):
            do throws(ValidationFailure) {
                try await shop.turnDials(try read(request))
            } catch {
                throw ShopProblem(422, "invalid", error.reason, field: error.field)
            }
            return ShopAnswer(200, await shop.dials.json)
        case ("POST", "edit"):
            let edit = try request.json()
            guard let entity = edit["entity"].flatMap(ControlRoutes.entity) else {
                throw ShopProblem(422, "invalid", "must be \"kind/id\" or {kind, id}", field: "entity")
            }
            guard let unit = edit["unit"]?.string.flatMap(UnitName.init) else {
                throw ShopProblem(422, "invalid", "is no unit", field: "unit")
            }
            guard let value = edit["value"] else {
                throw ShopProblem(422, "invalid", "is required; null removes the unit", field: "value")
            }
            await shop.edit(entity, unit, value.isNull ? nil : value)
            return ShopAnswer(204)
        case ("POST", "sell"):
            let wish = try request.json()
            guard let sku = wish["sku"]?.string.flatMap({ RemoteRef(name: "sku/\($0)") }), let quantity = wish["quantity"]?.integer,
                (1...1_000_000).contains(quantity)
            else { throw ShopProblem(422, "invalid", "sku and a quantity from 1 to 1000000 are required", field: "sku") }
            guard let order = await shop.sell(sku, quantity) else {
                throw ShopProblem(409, "sold_out", "it has \(await shop.shelf[sku] ?? 0) left")
            }
            return ShopAnswer(200, ["order": .string(order.number)])
        case ("POST", "plant"):
            let order = try request.json()
            guard let what = order["what"]?.string.flatMap(ShopSimulator.Planted.init) else {
                let known = ShopSimulator.Planted.allCases.map(\.rawValue).joined(separator: ", ")
                throw ShopProblem(422, "invalid", "must be one of \(known)", field: "what")
            }
            guard let count = order["count"]?.integer, (1...1_000_000).contains(count) else {
                throw ShopProblem(422, "invalid", "must be an integer from 1 to 1000000", field: "count")
            }
            let seed = UInt64(clamping: order["seed"]?.integer ?? 1)
            let planted = await shop.plant(what, count: Int(count), seed: seed)
            return ShopAnswer(200, ["planted": .array(planted.map { .string($0) })])
        default: throw ShopProblem(404, "not_found", "there is no /\(request.path.joined(separator: "/"))")
        }
    }

    private func read(_ request: ShopRequest) throws(ValidationFailure) -> JSON {
        do throws(ShopProblem) { return try request.json() } catch {
            throw ValidationFailure(field: "", reason: error.detail)
        }
    }

    private static func entity(_ json: JSON) -> RemoteRef? {
        if let name = json.string { return RemoteRef(name: name) }
        guard let kind = json["kind"]?.string, let id = json["id"]?.string else { return nil }
        return RemoteRef(name: "\(kind)/\(id)")
    }
}
