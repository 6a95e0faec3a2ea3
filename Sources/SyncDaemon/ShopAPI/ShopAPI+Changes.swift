import Commerce
import HTTPTypes
import Hummingbird

extension ShopAPI {
    var changeRoutes: [Route] {
        [
            Route(
                .get, "\(ShopAPI.root)/changes", .shop, .stream, "What of stock and of the channel's orders is otherwise since a cursor",
                parameters: [
                    .query("since", "The `next` of the page before; left out, from the beginning."),
                    .query("limit", .integer(1...500), "Rows in one answer; 100 when left out."),
                    .query("wait", .integer(0...60), "Seconds to wait for something when there is nothing."),
                ],
                answers: [
                    .json("ShopChanges", "Each thing once, as it is now. With `complete` true there is no more for now."),
                    .problem(410, "The cursor is of an earlier life of the store: read anew what you show, and go on without one."),
                ]
            ) { exchange in
                let since = exchange.query("since")
                let limit = try exchange.integer("limit", in: 1...500, default: 100)
                let waitMax = Int(limits.waitMax.components.seconds)
                let wait = Duration.seconds(try exchange.integer("wait", in: 0...waitMax, default: 0))
                return .json(try await changes(for: try exchange.shopper, since: since, limit: limit, wait: wait).json)
            }
        ]
    }

    /// Reads once, and when there is nothing, again each time the feed moves until the wait is over.
    private func changes(for shopper: Shopper, since: String?, limit: Int, wait: Duration) async throws -> ShopChanges {
        let deadline = time.monotonicNanoseconds() + UInt64(wait.milliseconds) * 1_000_000
        while true {
            let seen = desk.news.count
            let page = try await desk.changes(since: since, limit: limit, for: shopper)
            let now = time.monotonicNanoseconds()
            guard page.rows.isEmpty, now < deadline else { return page }
            guard try await streams.wait(for: desk.news, past: seen, atMost: .nanoseconds(deadline - now)) == .news else { return page }
        }
    }
}

/// A page of what is otherwise.
struct ShopChanges: Sendable {
    let rows: [JSON]
    let next: String
    let complete: Bool

    var json: JSON { ["data": .array(rows), "next": .string(next), "complete": .bool(complete)] }
}
