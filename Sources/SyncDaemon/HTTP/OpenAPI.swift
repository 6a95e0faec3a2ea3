import Commerce
import HTTPTypes

/// The OpenAPI 3.1 description of a route table.
///
/// Made from the same routes the router is made from, so a route or status that is
/// not in here does not exist.
struct OpenAPI {
    let title: String
    let version: String
    let routes: [Route]

    var json: JSON {
        var paths = JSONObject()
        for route in routes.sorted(by: { ($0.path, $0.method.rawValue) < ($1.path, $1.method.rawValue) }) {
            var item = paths[route.path]?.object ?? JSONObject()
            item[route.method.rawValue.lowercased()] = operation(route)
            paths[route.path] = .object(item)
        }
        return [
            "openapi": "3.1.0",
            "info": ["title": .string(title), "version": .string(version)],
            "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
            "paths": .object(paths),
            "components": [
                "schemas": .object(JSONObject(Schemas.all.map { ($0.name, $0.schema) })),
                "securitySchemes": [
                    "token": ["type": "http", "scheme": "bearer", "description": "A token of the admin API."],
                    "page": ["type": "http", "scheme": "basic", "description": "A token as the password; pages only."],
                    "signature": [
                        "type": "apiKey", "in": "header", "name": "webhook-signature",
                        "description": "Standard Webhooks, with webhook-id and webhook-timestamp, by the channel's key.",
                    ],
                    "request_signature": [
                        "type": "apiKey", "in": "header", "name": "webhook-signature",
                        "description": "Version 2: over method, target, headers and body, by the channel's key.",
                    ],
                ],
            ],
        ]
    }

    private func operation(_ route: Route) -> JSON {
        var operation = JSONObject()
        operation["operationId"] = .string(OpenAPI.operationID(route))
        operation["summary"] = .string(route.summary)
        operation["security"] = security(route.access)
        if case .operators(let scope) = route.access { operation["x-scope"] = .string(scope.rawValue) }
        let parameters = pathParameters(route) + route.parameters.map(parameter) + signatureHeaders(route)
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        switch route.body {
        case .none: break
        case .json(_, let schema):
            operation["requestBody"] = [
                "required": true, "content": ["application/json": ["schema": OpenAPI.reference(schema)]],
            ]
        case .bytes, .stream:
            operation["requestBody"] = ["required": true, "content": ["application/octet-stream": ["schema": true]]]
        }
        let answers = route.everyAnswer.map { answer in (String(answer.status), OpenAPI.response(answer)) }
        operation["responses"] = .object(JSONObject(answers))
        return .object(operation)
    }

    private func security(_ access: Route.Access) -> JSON {
        switch access {
        case .nobody, .gateway: []
        case .page: [[:], ["page": []], ["token": []]]
        case .channel: [["signature": []]]
        case .shop: [["request_signature": []]]
        case .operators: [["token": []]]
        }
    }

    private func pathParameters(_ route: Route) -> [JSON] {
        route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { part in
            [
                "name": .string(String(part.dropFirst().dropLast())), "in": "path", "required": true,
                "schema": ["type": "string"],
            ]
        }
    }

    private func signatureHeaders(_ route: Route) -> [JSON] {
        guard route.access == .channel || route.access == .shop else { return [] }
        var headers = [
            ("webhook-id", true, "The message's id; the same id is the same message."),
            ("webhook-timestamp", true, "Seconds since 1970 UTC, within 300 of now."),
        ]
        if route.access == .shop {
            headers.append(("Heyi-Channel", true, "The channel that signs."))
            headers.append(("Heyi-Member", false, "Who shops, as the channel vouches; left out for a guest."))
        }
        return headers.map { name, required, purpose in
            ["name": .string(name), "in": "header", "required": .bool(required), "description": .string(purpose), "schema": ["type": "string"]]
        }
    }

    private func parameter(_ parameter: RouteParameter) -> JSON {
        let schema: JSON =
            switch parameter.kind {
            case .text: ["type": "string"]
            case .integer(let range):
                ["type": "integer", "minimum": .integer(Int64(range.lowerBound)), "maximum": .integer(Int64(range.upperBound))]
            case .boolean: ["type": "boolean"]
            case .word(let words): ["type": "string", "enum": .array(words.map(JSON.string))]
            }
        return [
            "name": .string(parameter.name), "in": .string(parameter.place.rawValue),
            "required": .bool(parameter.required), "description": .string(parameter.purpose), "schema": schema,
        ]
    }

    private static func response(_ answer: RouteAnswer) -> JSON {
        var response = JSONObject()
        response["description"] = .string(answer.meaning)
        if let type = answer.contentType {
            let schema: JSON = answer.schema.map(reference) ?? ["type": "string"]
            response["content"] = .object(JSONObject([(type, ["schema": schema])]))
        }
        if answer.status == 429 || answer.status == 503 {
            response["headers"] = [
                "Retry-After": ["description": "Seconds.", "schema": ["type": "integer", "minimum": 1]]
            ]
        }
        return .object(response)
    }

    private static func reference(_ schema: String) -> JSON { ["$ref": .string("#/components/schemas/\(schema)")] }

    private static func operationID(_ route: Route) -> String {
        let words = route.path.split(whereSeparator: { !$0.isLetter && !$0.isNumber })
        return ([route.method.rawValue.lowercased()] + words.map { $0.lowercased() }).joined(separator: "_")
    }
}
