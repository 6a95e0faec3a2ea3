import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore

extension AdminAPI {
    var logRoutes: [Route] {
        let path = "\(AdminAPI.root)/log"
        return [
            Route(
                .get, path, .operators(.read), .operators, "What happened, newest last",
                parameters: [
                    .query("since", "An instant in milliseconds since 1970; all that is kept when left out."),
                    .query("limit", .integer(1...1_000), "The newest so many; 50 when left out."),
                    .query("channel", "Of one channel."),
                ],
                answers: [
                    .json("Log", "Operators' acts and changes as the store keeps them, and the newest events of this process.")
                ]
            ) { exchange in
                let since = try exchange.query("since").map { text throws(Problem) in try AdminAPI.number(text, "since") }
                let order = LogOrder(
                    since: since.map { Timestamp(milliseconds: $0) }, channel: try AdminAPI.channel(exchange),
                    limit: try exchange.integer("limit", in: 1...1_000, default: 50))
                return .json(try await status.log(order).json)
            },
            Route(
                .get, "\(path)/stream", .operators(.read), .operators, "The log as it goes on",
                parameters: [
                    .query("after", "The `place` of the answer before; from the beginning when left out."),
                    .header("Last-Event-ID", "The same, as browsers send it."), .query("channel", "Of one channel."),
                ],
                answers: [.content("text/event-stream", "`event: entry`, data a LogEntry, id the place after it.")]
            ) { exchange in
                let text = exchange.header(.lastEventID) ?? exchange.query("after")
                guard let start = text.map({ LogPlace($0) }) ?? LogPlace() else {
                    throw Problem.invalid("after", "must be the `place` of the answer before")
                }
                let channel = try AdminAPI.channel(exchange)
                return try streams.response(to: exchange, news: status.news, from: start) { place in
                    try await AdminAPI.entries(past: &place, of: channel, status)
                }
            },
        ]
    }

    /// The next stretch with anything in it; others are passed over.
    private static func entries(
        past place: inout LogPlace, of channel: ChannelID?, _ status: any StatusSource
    ) async throws -> [ServerEvent] {
        while true {
            let part = try await status.log(past: place, of: channel)
            if part.place == place { return [] }
            place = part.place
            if part.entries.isEmpty { continue }
            // A place is between stretches, so only the last of one has it.
            return part.entries.enumerated().map { index, entry in
                let isLast = index == part.entries.count - 1
                return ServerEvent(id: isLast ? place.text : nil, name: "entry", text: entry.json.text)
            }
        }
    }

    static func channel(_ exchange: Exchange) throws(Problem) -> ChannelID? {
        try exchange.query("channel").map { text throws(Problem) in try channelID(text, "channel") }
    }
}
