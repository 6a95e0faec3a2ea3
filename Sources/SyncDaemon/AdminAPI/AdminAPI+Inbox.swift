import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore

extension AdminAPI {
    var inboxRoutes: [Route] {
        let path = "\(AdminAPI.root)/inbox"
        return [
            Route(
                .get, path, .operators(.read), .operators, "Callbacks taken in, newest first",
                parameters: [.query("state", .word(InboxRow.State.allCases.map(\.rawValue)), "All when left out.")]
                    + RouteParameter.page,
                answers: [.json("InboxList", "Without their payloads.")]
            ) { exchange in
                let state = try exchange.word("state", InboxRow.State.self)
                return .json(try await desk.inbox(state, try exchange.page()).json(\.json))
            },
            Route(
                .get, "\(path)/{id}", .operators(.read), .operators, "One callback",
                answers: [.json("InboxRow", "Its state and last error.")]
            ) { exchange in
                .json(try await desk.inboxRow(try AdminAPI.number(try exchange.path("id"), "id")).json)
            },
            Route(
                .get, "\(path)/{id}/effects", .operators(.read), .operators, "What applying a callback would change",
                answers: [.json("InboxEffects", "As things are now; nothing is changed.")]
            ) { exchange in
                .json(try await desk.effects(try AdminAPI.number(try exchange.path("id"), "id")).json)
            },
            Route(
                .post, "\(path)/{id}/replay", .operators(.operate), .operators, "Apply a callback again",
                answers: [
                    .json("InboxRow", "Waiting again; effects already made are not made twice."),
                    .problem(409, "It cannot be replayed as it is."),
                ]
            ) { exchange in
                .json(try await desk.replay(try AdminAPI.number(try exchange.path("id"), "id"), by: exchange.principal).json)
            },
        ]
    }

    var queueRoutes: [Route] {
        let path = "\(AdminAPI.root)/queue"
        return [
            Route(
                .get, path, .operators(.read), .operators, "Pushes that did not go well",
                parameters: [
                    .query("channel", "Of one channel."),
                    .query("state", .word(QueueRow.State.allCases.map(\.rawValue)), "All when left out."),
                ] + RouteParameter.page,
                answers: [.json("QueueList", "With the last error and the next attempt.")]
            ) { exchange in
                let selection = QueueSelection(
                    channel: try AdminAPI.channel(exchange),
                    state: try exchange.word("state", QueueRow.State.self))
                return .json(try await desk.queue(selection, try exchange.page()).json(\.json))
            },
            Route(
                .post, "\(path)/retry", .operators(.operate), .operators, "Try pushes again now",
                body: jsonBody("QueueRetry"), answers: [.json("CountAnswer", "How many rows were meant.")]
            ) { exchange in
                let selection = try AdminAPI.selection(try exchange.object(["channel", "state", "ids"]))
                let count = try await desk.retry(selection, by: exchange.principal)
                return .json(["count": .integer(Int64(count))])
            },
            Route(
                .post, "\(path)/drop", .operators(.operate), .operators, "Give pushes up",
                body: jsonBody("QueueDrop"), answers: [.json("CountAnswer", "How many rows were dropped.")]
            ) { exchange in
                let object = try exchange.object(["channel", "state", "ids", "reason"])
                let selection = try AdminAPI.selection(object)
                guard selection != QueueSelection() else {
                    throw Problem.invalid("ids", "or channel or state must say which rows are meant")
                }
                let reason = try object.requiredText("reason", bytesMax: 2_000)
                let count = try await desk.drop(selection, reason: reason, by: exchange.principal)
                return .json(["count": .integer(Int64(count))])
            },
        ]
    }

    private static func selection(_ object: JSONObject) throws(Problem) -> QueueSelection {
        var selection = QueueSelection()
        if let text = try object.text("channel") { selection.channel = try channelID(text, "channel") }
        if let text = try object.text("state") {
            guard let state = QueueRow.State(rawValue: text) else {
                throw .invalid("state", "must be one of retrying, unknown, dead")
            }
            selection.state = state
        }
        if let ids = object["ids"], !ids.isNull {
            guard let array = ids.array, array.count <= 1_000, array.allSatisfy({ $0.integer != nil }) else {
                throw .invalid("ids", "must be an array of at most 1000 whole numbers")
            }
            selection.ids = array.compactMap(\.integer)
        }
        return selection
    }
}
