import Commerce
import Crypto
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// The delta protocol as visited channels use it.
struct ChannelRoutes: Sendable {
    let desk: any ChannelDesk
    let time: any TimeSource
    let limits: HTTPLimits
    let streams: EventStream

    var routes: [Route] { [offer, post, deltas, snapshot] }

    private var offer: Route {
        Route(
            .get, "/v1/channels/{id}/capabilities", .channel, .exchange, "What the hub takes and offers",
            answers: [.json("ChannelOffer", "The protocol's version and limits.")]
        ) { exchange in
            let channel = try ChannelRoutes.channel(exchange)
            return .json(try await desk.offer(to: channel).json(for: channel, waitMax: limits.waitMax))
        }
    }

    private var post: Route {
        Route(
            .post, "/v1/channels/{id}/deltas", .channel, .exchange, "Hand in a batch of edits",
            body: .json(bytesMax: limits.batchBytesMax, schema: "DeltaBatch"),
            answers: [
                .json("BatchAnswer", "Durable. What became of each delta; the refused ones are listed apart."),
                .problem(409, "The message id came with another body before."),
            ]
        ) { exchange in
            let channel = try ChannelRoutes.channel(exchange)
            let object = try exchange.object(["actor", "deltas", "generation", "session"])
            guard let elements = object["deltas"]?.array else { throw Problem.invalid("deltas", "must be an array") }
            let batchMax = try await desk.offer(to: channel).batchMax
            guard elements.count <= batchMax else {
                throw Problem.invalid("deltas", "holds \(elements.count) deltas; one batch takes \(batchMax)")
            }
            let (good, refused) = DeltaReader(channel: channel, now: time.now()).read(elements)
            let batch = ChannelBatch(
                messageID: exchange.header(.webhookID) ?? "", digest: Array(SHA256.hash(data: exchange.body)),
                actor: try object.text("actor", bytesMax: 128), deltas: good, refused: refused)
            return .json(try await desk.take(batch, from: channel).json)
        }
    }

    private var deltas: Route {
        Route(
            .get, "/v1/channels/{id}/deltas", .channel, .stream, "What changed since a cursor",
            parameters: [
                .query("since", "A cursor from before; everything before it is acknowledged. Left out: from the beginning."),
                .query("limit", .integer(1...1_000), "Deltas in one answer; 100 when left out."),
                .query("wait", .integer(0...60), "Seconds to wait for news when there are none."),
                .header("Last-Event-ID", "Where an event stream goes on, in place of `since`."),
            ],
            answers: [
                .json("DeltaPage", "Deltas in feed order, or a stream of them for `Accept: text/event-stream`."),
                .problem(410, "The cursor is of another generation: take a snapshot."),
            ]
        ) { exchange in
            let channel = try ChannelRoutes.channel(exchange)
            let since = exchange.query("since")
            let limit = try exchange.integer("limit", in: 1...1_000, default: 100)
            if exchange.header(.accept)?.contains("text/event-stream") ?? false {
                return try await stream(exchange, channel, from: exchange.header(.lastEventID) ?? since, limit: limit)
            }
            let waitMax = Int(limits.waitMax.components.seconds)
            let wait = Duration.seconds(try exchange.integer("wait", in: 0...waitMax, default: 0))
            return .json(try await page(channel, since: since, limit: limit, wait: wait).json)
        }
    }

    private var snapshot: Route {
        Route(
            .get, "/v1/channels/{id}/snapshot", .channel, .exchange, "Everything the channel should hold",
            parameters: [
                .query("after", "The `next` of the page before."),
                .query("limit", .integer(1...1_000), "Deltas in one answer; 500 when left out."),
            ],
            answers: [
                .json("SnapshotPage", "A page ordered by entity; go on with deltas at `cursor` when `next` is null."),
                .problem(410, "The position is of another generation: begin again."),
            ]
        ) { exchange in
            let limit = try exchange.integer("limit", in: 1...1_000, default: 500)
            return .json(
                try await desk.snapshot(
                    for: try ChannelRoutes.channel(exchange), after: exchange.query("after"), limit: limit
                ).json)
        }
    }

    /// Reads once, and when there is nothing, again each time the feed moves until the wait is over.
    private func page(_ channel: ChannelID, since: String?, limit: Int, wait: Duration) async throws -> DeltaPage {
        let deadline = time.monotonicNanoseconds() + UInt64(wait.milliseconds) * 1_000_000
        while true {
            let seen = desk.news.count
            let page = try await desk.deltas(for: channel, since: since, limit: limit)
            let now = time.monotonicNanoseconds()
            // Empty and not the end: all of it was for others, and the channel reads on at once.
            guard page.deltas.isEmpty, page.complete, now < deadline else { return page }
            let left = Duration.nanoseconds(deadline - now)
            guard try await streams.wait(for: desk.news, past: seen, atMost: left) == .news else { return page }
        }
    }

    private func stream(_ exchange: Exchange, _ channel: ChannelID, from start: String?, limit: Int) async throws -> Response {
        // The first page is read before the answer begins, so that a cursor that is gone gets its status.
        let first = try await desk.deltas(for: channel, since: start, limit: limit)
        let place = (unsent: first.deltas, cursor: first.next)
        return try streams.response(to: exchange, news: desk.news, from: place) { place in
            var complete = false
            while place.unsent.isEmpty, !complete {
                let page = try await desk.deltas(for: channel, since: place.cursor, limit: limit)
                place = (page.deltas, page.next)
                complete = page.complete
            }
            defer { place.unsent = [] }
            return place.unsent.map { ServerEvent(id: $0.cursor, name: "delta", text: $0.json.text) }
        }
    }

    private static func channel(_ exchange: Exchange) throws(Problem) -> ChannelID {
        guard case .channel(let id) = exchange.principal.identity else { throw .framework(.notFound) }
        return id
    }
}
