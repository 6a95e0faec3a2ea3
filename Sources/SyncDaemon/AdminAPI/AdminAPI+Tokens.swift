import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore

extension AdminAPI {
    /// A token lives this many days when its maker says nothing, and this many at most.
    private static let daysStandard: Int64 = 90
    private static let daysMax: Int64 = 366

    var tokenRoutes: [Route] {
        let path = "\(AdminAPI.root)/tokens"
        return [
            Route(
                .get, path, .operators(.admin), .operators, "All tokens, without their secrets",
                parameters: RouteParameter.page, answers: [.json("TokenList", "Who may what until when.")]
            ) { exchange in .json(try await tokens.tokens(try exchange.page()).json(\.json)) },
            Route(
                .post, path, .operators(.admin), .operators, "Make a token", body: jsonBody("TokenOrder"),
                answers: [.json("TokenAnswer", "`token` is shown this once and kept nowhere.", status: 201)]
            ) { exchange in
                let object = try exchange.object(["name", "scope", "days"])
                guard let scope = Scope(rawValue: try object.requiredText("scope")) else {
                    throw Problem.invalid("scope", "must be one of \(Scope.allCases.map(\.rawValue).joined(separator: ", "))")
                }
                let days = object["days"]?.integer ?? AdminAPI.daysStandard
                guard (1...AdminAPI.daysMax).contains(days), object["days"] == nil || object["days"]?.integer != nil else {
                    throw Problem.invalid("days", "must be from 1 to \(AdminAPI.daysMax)")
                }
                let token = Token(id: surroundings.ids.next().filter { $0 != "_" })
                let now = surroundings.time.now()
                let record = TokenRecord(
                    id: token.id, name: try object.requiredText("name", bytesMax: 100), scope: scope, digest: token.digest,
                    created: now, expires: now + .seconds(days * 86_400))
                try await tokens.add(record, by: exchange.principal)
                var answer = record.json.object ?? JSONObject()
                answer["token"] = .string(token.text)
                return .json(.object(answer), status: .created)
            },
            Route(
                .delete, "\(path)/{id}", .operators(.admin), .operators, "Revoke a token",
                answers: [.empty(204, "It opens nothing any more.")]
            ) { exchange in
                try await tokens.revoke(id: try exchange.path("id"), by: exchange.principal)
                return .noContent
            },
        ]
    }
}
