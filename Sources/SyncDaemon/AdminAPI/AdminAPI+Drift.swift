import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore

extension AdminAPI {
    var driftRoutes: [Route] {
        [
            Route(
                .get, "\(AdminAPI.root)/drift", .operators(.read), .operators, "Differences found at channels, newest first",
                parameters: [
                    .query("channel", "Of one channel."),
                    .query("open", .boolean, "Only what is not put right yet, or only what is; both when left out."),
                ] + RouteParameter.page,
                answers: [.json("DriftList", "What was shown, how it came about, what was done.")]
            ) { exchange in
                let open = exchange.query("open") == nil ? nil : try exchange.flag("open")
                let page = try await desk.drift(try AdminAPI.channel(exchange), open: open, try exchange.page())
                return .json(page.json(\.json))
            },
            Route(
                .post, "\(AdminAPI.root)/channels/{id}/reconcile", .operators(.operate), .stream,
                "Compare a channel with the master as a whole now",
                parameters: [
                    .query("dry_run", .boolean, "Compare only, also a channel that is halted."),
                    .query(
                        "accept_deletions", .integer(0...1_000_000_000),
                        "Listings that are gone were taken down on purpose: delete up to so many in the master, "
                            + "and let a halted channel go on. When more are gone, none is deleted."),
                ],
                answers: [
                    .content("application/jsonl", "Lines of progress while it is compared; the last is the summary."),
                ]
            ) { exchange in try reconciling(exchange) },
        ]
    }

    private func reconciling(_ exchange: Exchange) throws -> Response {
        let id = try AdminAPI.channelID(try exchange.path("id"), "id")
        let dryRun = try exchange.flag("dry_run")
        let most =
            exchange.query("accept_deletions") == nil
            ? nil : try exchange.integer("accept_deletions", in: 0...1_000_000_000, default: 0)
        return Response(
            status: .ok, headers: [.contentType: "application/jsonl; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                let output = AnswerWriter(writer)
                do {
                    try await desk.reconcile(id, dryRun: dryRun, accepting: most, by: exchange.principal) { line in
                        // Whoever asked may have gone; the comparison goes on without them.
                        do { try await output.write(line.json.bytes + [UInt8(ascii: "\n")]) } catch { return }
                    }
                } catch {
                    // The status is long sent: the last line says what went wrong instead.
                    let body = Problem.from(error).json(requestID: exchange.visit.requestID, trace: exchange.visit.trace)
                    let line: JSON = ["type": "error", "problem": body]
                    try await output.write(line.bytes + [UInt8(ascii: "\n")])
                }
                try await writer.finish(nil)
            })
    }
}
