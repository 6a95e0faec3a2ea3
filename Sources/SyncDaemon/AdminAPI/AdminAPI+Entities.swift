import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore

extension AdminAPI {
    var entityRoutes: [Route] {
        let path = "\(AdminAPI.root)/entities/{kind}"
        return [
            Route(
                .post, path, .operators(.operate), .operators, "Make an entity", parameters: [AdminAPI.idempotencyKey],
                body: jsonBody("EntityOrder"),
                answers: [.json("EntityReport", "Made, all its units at once.", status: 201), .problem(409, "The id is taken.")]
            ) { exchange in
                let object = try exchange.object(["id", "units"])
                let id = try object.text("id") ?? surroundings.ids.next()
                let ref = try AdminAPI.ref(try exchange.path("kind"), id)
                let units = try AdminAPI.units(object["units"])
                return try await once(exchange) {
                    (.created, try await catalog.create(ref, units: units, by: exchange.principal).json)
                }
            },
            Route(
                .get, "\(path)/{id}", .operators(.read), .operators, "An entity with all its units",
                answers: [.json("EntityReport", "`ETag` is the digest of its clocks.")]
            ) { exchange in
                try AdminAPI.answer(await catalog.entity(try AdminAPI.ref(exchange)))
            },
            Route(
                .delete, "\(path)/{id}", .operators(.operate), .operators, "Delete an entity; its history stays",
                parameters: [AdminAPI.ifMatch],
                answers: [
                    .empty(204, "Deleted."), .problem(409, "It changed since; `current` is what is held now."),
                    .problem(428, "`If-Match` is missing."),
                ]
            ) { exchange in
                let ref = try AdminAPI.ref(exchange)
                try await catalog.delete(ref, expecting: try AdminAPI.tag(exchange), by: exchange.principal)
                return .noContent
            },
            edit(.put, "\(path)/{id}/units/{unit}", "Write one unit", body: jsonBody("UnitValue")),
            edit(.delete, "\(path)/{id}/units/{unit}", "Delete one unit", body: .none),
        ]
    }

    private func edit(_ method: HTTPRequest.Method, _ path: String, _ summary: String, body: Route.Body) -> Route {
        Route(
            method, path, .operators(.operate), .operators, summary, parameters: [AdminAPI.ifMatch], body: body,
            answers: [
                .json("EntityReport", "Durable, and on its way to the channels."),
                .problem(409, "It changed since it was read; `current` and `ETag` are what is held now."),
                .problem(428, "`If-Match` is missing."),
            ]
        ) { exchange in
            let ref = try AdminAPI.ref(exchange)
            guard let unit = UnitName(try exchange.path("unit")) else {
                throw Problem.invalid("unit", "must be a unit name such as text.zh-CN or price.CNY")
            }
            let tag = try AdminAPI.tag(exchange)
            let value = try method == .put ? JSON.parse(exchange.body, depthMax: limits.jsonDepthMax) : nil
            return try AdminAPI.answer(
                await catalog.edit(UnitRef(ref, unit), value: value, expecting: tag, by: exchange.principal))
        }
    }

    private static var ifMatch: RouteParameter {
        .header("If-Match", required: true, "The `ETag` or the unit's `etag` as read, or `*` for whatever is there.")
    }

    private static func answer(_ report: EntityReport) throws -> Response {
        var response = Response.json(report.json)
        response.headers[.eTag] = "\"\(report.tag)\""
        return response
    }

    /// - Returns: nil for `*`.
    private static func tag(_ exchange: Exchange) throws(Problem) -> String? {
        guard let header = exchange.header(.ifMatch) else {
            throw Problem(
                .preconditionRequired, "if_match", "Say by If-Match which version the edit was made against.",
                field: "If-Match")
        }
        if header == "*" { return nil }
        guard header.utf8.count >= 3, header.hasPrefix("\""), header.hasSuffix("\""), !header.dropFirst().dropLast().contains("\"")
        else { throw .invalid("If-Match", "must be one entity tag in double quotes, or *") }
        return String(header.dropFirst().dropLast())
    }

    private static func ref(_ exchange: Exchange) throws(Problem) -> EntityRef {
        try ref(try exchange.path("kind"), try exchange.path("id"))
    }

    private static func ref(_ kind: String, _ id: String) throws(Problem) -> EntityRef {
        guard let kind = EntityKind(rawValue: kind) else {
            throw .invalid("kind", "must be one of \(EntityKind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        guard let id = EntityID(id) else { throw .invalid("id", "must be 1 to 64 characters out of a-z 0-9 - _") }
        return EntityRef(kind, id)
    }

    private static func units(_ value: JSON?) throws(Problem) -> [(unit: UnitName, value: JSON)] {
        guard let object = value?.object else { throw .invalid("units", "must be an object of unit name to value") }
        var units: [(unit: UnitName, value: JSON)] = []
        for member in object {
            guard let unit = UnitName(member.name) else { throw .invalid("units", "holds a name that is no unit name") }
            units.append((unit, member.value))
        }
        return units
    }
}
