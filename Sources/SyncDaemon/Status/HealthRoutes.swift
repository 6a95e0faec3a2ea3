import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// What machines ask: is it alive, is it ready, what are its figures.
struct HealthRoutes: Sendable {
    let source: any StatusSource
    let metrics: Metrics

    static var live: Route {
        Route(
            .get, "/livez", .nobody, .operators, "Whether the process answers",
            answers: [.content("text/plain", "It does.")]
        ) { _ in .text("ok\n") }
    }

    var routes: [Route] { [HealthRoutes.live, ready, figures] }

    private var ready: Route {
        Route(
            .get, "/readyz", .nobody, .operators, "Whether requests can be served",
            parameters: [.query("verbose", .boolean, "One line for each check.")],
            answers: [
                .content("text/plain", "They can. Channels being away does not count."),
                .problem(503, "They cannot; `detail` says why."),
            ]
        ) { exchange in
            let checks = await source.readiness()
            let faults = checks.compactMap { check in check.fault.map { "\(check.name): \($0)" } }
            let lines = checks.map { check in
                check.fault.map { "[-]\(check.name) \($0)" } ?? "[+]\(check.name) ok"
            }
            guard faults.isEmpty else {
                var problem = Problem.unavailable(faults.joined(separator: "; "), retryAfterSeconds: 5)
                if try exchange.flag("verbose") { problem.members["checks"] = .array(lines.map(JSON.string)) }
                throw problem
            }
            return .text(try exchange.flag("verbose") ? lines.joined(separator: "\n") + "\nready\n" : "ok\n")
        }
    }

    private var figures: Route {
        Route(
            .get, "/metrics", .nobody, .operators, "Figures for Prometheus",
            answers: [.content("text/plain", "Text exposition, version 0.0.4.")]
        ) { _ in
            let page = MetricsPage(metrics: metrics, report: try await source.report(), process: .now())
            return .text(page.text, type: Exposition.contentType)
        }
    }
}

extension Response {
    static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Response {
        Response(
            status: .ok, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
