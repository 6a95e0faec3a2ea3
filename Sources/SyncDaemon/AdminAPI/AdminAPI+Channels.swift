import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore

extension AdminAPI {
    var channelRoutes: [Route] {
        let path = "\(AdminAPI.root)/channels"
        return [
            Route(
                .get, path, .operators(.read), .operators, "All channels and how they are",
                answers: [.json("ChannelList", "In order of id.")]
            ) { _ in .json(Page(try await status.report().channels).json(\.json)) },
            Route(
                .post, path, .operators(.admin), .operators, "Add a channel", parameters: [AdminAPI.idempotencyKey],
                body: jsonBody("ChannelOrder"),
                answers: [
                    .json("ChannelStatus", "Added; it begins with a snapshot.", status: 201), .problem(409, "The id is taken."),
                ]
            ) { exchange in
                let order = try AdminAPI.order(try exchange.object([
                    "id", "kind", "protocol", "endpoint", "secret_files", "allow_private_addresses",
                ]))
                return try await once(exchange) {
                    (.created, try await desk.addChannel(order, by: exchange.principal).json)
                }
            },
            Route(
                .get, "\(path)/{id}", .operators(.read), .operators, "One channel",
                answers: [.json("ChannelStatus", "How it is.")]
            ) { exchange in
                .json(try await desk.channel(try AdminAPI.channelID(try exchange.path("id"), "id")).json)
            },
        ] + ChannelCommand.allCases.map { command in self.command(command, at: path) }
    }

    private func command(_ command: ChannelCommand, at path: String) -> Route {
        let purpose =
            switch command {
            case .pause: "Stop exchanging with a channel; everything waits"
            case .resume: "Go on with a channel that was paused or halted"
            case .resync: "Compare everything with a channel again"
            case .retire: "End a channel for good; its history stays"
            }
        return Route(
            .post, "\(path)/{id}/\(command.rawValue)", .operators(command == .retire ? .admin : .operate), .operators,
            purpose,
            answers: [
                .json("CommandAnswer", "`\(command.done)`, or `\(command.already)` when there was nothing to do."),
                .problem(409, "Not in the channel's state; `next` is the command that changes it."),
            ]
        ) { exchange in
            let id = try AdminAPI.channelID(try exchange.path("id"), "id")
            let outcome = try await desk.command(command, id, by: exchange.principal)
            return .json(["id": .string(id.text), "result": .string(outcome == .done ? command.done : command.already)])
        }
    }

    static var idempotencyKey: RouteParameter {
        .header("Idempotency-Key", "The same key and request again get the first answer, and nothing is done twice.")
    }

    private static func flag(_ object: JSONObject, _ name: String) throws(Problem) -> Bool {
        guard let value = object[name] else { return false }
        guard case .bool(let flag) = value else { throw .invalid(name, "must be true or false") }
        return flag
    }

    private static func order(_ object: JSONObject) throws -> ChannelOrder {
        guard let kind = ChannelOrder.Kind(rawValue: try object.requiredText("kind")) else {
            throw Problem.invalid("kind", "must be web or app")
        }
        guard let wire = ChannelOrder.Wire(rawValue: try object.text("protocol") ?? "delta") else {
            throw Problem.invalid("protocol", "must be delta or plain")
        }
        let endpoint = try object.text("endpoint", bytesMax: 2_048)
        if let endpoint, !endpoint.hasPrefix("https://"), !endpoint.hasPrefix("http://") {
            throw Problem.invalid("endpoint", "must begin with https:// or http://")
        }
        var files: [String] = []
        for file in object["secret_files"]?.array ?? [] {
            guard let path = file.string, path.hasPrefix("/"), !path.contains("\0") else {
                throw Problem.invalid("secret_files", "must be absolute paths on the daemon's host")
            }
            files.append(path)
        }
        return ChannelOrder(
            id: try channelID(try object.requiredText("id"), "id"), kind: kind, wire: wire, endpoint: endpoint,
            secretFiles: files, allowPrivateAddresses: try flag(object, "allow_private_addresses"))
    }
}
