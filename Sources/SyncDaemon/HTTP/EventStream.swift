import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import ServiceLifecycle

/// Streams of server-sent events.
///
/// A stream pulls: it asks for events, writes them, and waits for a signal only when
/// there were none. A slow reader therefore slows its own stream and holds nothing in
/// memory. It ends when the reader leaves, and at once when the daemon stops: an open
/// stream must not hold up a restart.
struct EventStream: Sendable {
    enum Waking: Sendable { case news, timeout, ending }

    let time: any TimeSource
    let heartbeat: Duration
    let capacity: CapacityGate

    /// Answers with a stream fed by `next`, called for each round with what it left behind
    /// in `state`; it may return nothing, and is called again when `news` rings.
    ///
    /// - Throws: 503 when all places for streams are taken.
    func response<State: Sendable>(
        to exchange: Exchange, news: NewsSignal, from state: State,
        next: @escaping @Sendable (inout State) async throws -> [ServerEvent]
    ) throws(Problem) -> Response {
        try capacity.enter(.stream)
        let place = StreamPlace(capacity)
        let request = exchange.request
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store", .acceptBuffering: "no",
            ],
            body: ResponseBody { writer in
                defer { place.leave() }
                var state = state
                try await run(request, news, AnswerWriter(writer)) { try await next(&state) }
                try await writer.finish(nil)
            })
    }

    private func run(
        _ request: Request, _ news: NewsSignal, _ output: AnswerWriter,
        _ next: () async throws -> [ServerEvent]
    ) async throws {
        try await output.write(Array("retry: 2000\n\n".utf8))
        let left = NewsSignal()
        try await request.body.consumeWithInboundCloseHandler { _ in
            while left.count == 0 {
                let seen = news.count
                let events = try await next()
                for event in events { try await output.write(event.bytes) }
                guard events.isEmpty else { continue }
                switch try await wait(for: news, past: seen, atMost: heartbeat, left: left) {
                case .news: break
                case .timeout: try await output.write(ServerEvent.heartbeat)
                case .ending: return
                }
            }
        } onInboundClosed: {
            left.ring()
        }
    }

    /// Waits for a signal, for a while, or for the end of the daemon, whichever comes first.
    func wait(
        for news: NewsSignal, past count: UInt64, atMost patience: Duration, left: NewsSignal? = nil
    ) async throws -> Waking {
        try await withThrowingTaskGroup(of: Waking.self) { group in
            group.addTask {
                await news.wait(past: count)
                return .news
            }
            group.addTask {
                try await time.sleep(for: patience)
                return .timeout
            }
            group.addTask {
                try await gracefulShutdown()
                return .ending
            }
            if let left {
                group.addTask {
                    await left.wait(past: 0)
                    return .ending
                }
            }
            defer { group.cancelAll() }
            return try await group.next() ?? .ending
        }
    }
}
