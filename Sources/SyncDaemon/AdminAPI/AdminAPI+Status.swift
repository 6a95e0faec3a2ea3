import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore

extension AdminAPI {
    var statusRoutes: [Route] {
        [
            Route(
                .get, "\(AdminAPI.root)/status", .operators(.read), .operators, "How the daemon is",
                answers: [.json("StatusReport", "All of `heyi status`.")]
            ) { _ in .json(try await status.report().json) },
            Route(
                .get, "\(AdminAPI.root)/stream", .operators(.read), .operators, "Status reports as they change",
                answers: [.content("text/event-stream", "`event: status`, data a StatusReport.")]
            ) { exchange in
                try streams.response(to: exchange, news: status.news, from: UInt64?.none) { sent in
                    let count = status.news.count
                    guard sent != count else { return [] }
                    sent = count
                    return [ServerEvent(id: nil, name: "status", text: try await status.report().json.text)]
                }
            },
            Route(
                .get, "\(AdminAPI.root)/events", .operators(.read), .operators, "Decisions and faults as they happen",
                parameters: [
                    .query("after", "The number of the last event seen."),
                    .header("Last-Event-ID", "The same, as browsers send it."),
                ],
                answers: [.content("text/event-stream", "`event: event`, id its number, data a StatusEvent.")]
            ) { exchange in
                let start = try (exchange.header(.lastEventID) ?? exchange.query("after"))
                    .map { text throws(Problem) in try AdminAPI.number(text, "after") }
                return try streams.response(to: exchange, news: status.news, from: start) { last in
                    let events = try await status.events(past: last, limit: 200)
                    last = events.last?.number ?? last ?? 0
                    return events.map { ServerEvent(id: String($0.number), name: "event", text: $0.json.text) }
                }
            },
            Route(
                .get, "\(AdminAPI.root)/why", .operators(.read), .operators, "How a value came to be",
                parameters: [
                    .query("ref", required: true, "`product/…`, a SKU code or an alias; `@channel` may follow.")
                ],
                answers: [.json("WhyReport", "Writers, clocks, the deciding rule, what channels hold.")]
            ) { exchange in
                guard let text = exchange.query("ref"), (1...256).contains(text.utf8.count) else {
                    throw Problem.invalid("ref", "is required, at most 256 bytes")
                }
                let at = text.lastIndex(of: "@")
                let channel = try at.map { at throws(Problem) in
                    try AdminAPI.channelID(String(text[text.index(after: at)...]), "ref")
                }
                return .json(try await desk.why(String(text[..<(at ?? text.endIndex)]), channel: channel).json)
            },
        ]
    }
}
