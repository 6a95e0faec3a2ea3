import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore

extension AdminAPI {
    var conflictRoutes: [Route] {
        let path = "\(AdminAPI.root)/conflicts"
        return [
            Route(
                .get, path, .operators(.read), .operators, "Conflicts, newest first",
                parameters: [.query("state", .word(ConflictReport.State.allCases.map(\.rawValue)), "All when left out.")]
                    + RouteParameter.page,
                answers: [.json("ConflictList", "Both sides of each, with their authors.")]
            ) { exchange in
                let state = try exchange.word("state", ConflictReport.State.self)
                return .json(try await desk.conflicts(state, try exchange.page()).json(\.json))
            },
            Route(
                .get, "\(path)/{id}", .operators(.read), .operators, "One conflict",
                answers: [.json("ConflictReport", "Its sides and what became of it.")]
            ) { exchange in
                .json(try await desk.conflict(try AdminAPI.number(try exchange.path("id"), "id")).json)
            },
            Route(
                .post, "\(path)/{id}/resolve", .operators(.operate), .operators, "End a conflict",
                body: jsonBody("ConflictResolve"),
                answers: [
                    .json("ConflictReport", "Resolved; the value goes to all channels."),
                    .problem(409, "Already resolved, or its sides changed meanwhile."),
                ]
            ) { exchange in
                let object = try exchange.object(["choice", "reason"])
                let reason = try object.requiredText("reason", bytesMax: 2_000)
                let id = try AdminAPI.number(try exchange.path("id"), "id")
                let choice = try AdminAPI.choice(object["choice"])
                return .json(try await desk.resolve(id, choice, reason: reason, by: exchange.principal).json)
            },
        ]
    }

    /// `"live"`, the index of a side as text or number, or `{"value": …}`.
    private static func choice(_ value: JSON?) throws(Problem) -> ConflictChoice {
        switch value {
        case .string("live"): return .live
        case .string(let text):
            guard let index = Int(text), index >= 0 else { break }
            return .side(index)
        case .integer(let index) where index >= 0: return .side(Int(index))
        case .object(let object):
            guard object.names == ["value"], let value = object["value"] else { break }
            return .value(value)
        default: break
        }
        throw .invalid("choice", "must be \"live\", the index of a side, or {\"value\": …}")
    }
}
