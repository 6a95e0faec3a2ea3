import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging

/// One line and two metrics a request.
///
/// Names the route, never the address as sent: ids stay out of the label sets, and
/// query values, bodies and signatures stay out of the log.
struct AccessLog: RouterMiddleware {
    typealias Context = Visit
    let doorman: Doorman

    func handle(_ request: Request, context: Visit, next: @concurrent (Request, Visit) async throws -> Response) async throws -> Response {
        let begun = doorman.time.monotonicNanoseconds()
        var visit = context
        visit.trace = .following(request.headers[.traceparent], as: context.trace)
        let tracker = AccessTracker()
        visit.access = tracker
        var response = try await next(request, visit)
        response.headers[.requestID] = visit.requestID
        response.headers[.traceparent] = visit.trace.text
        let seconds = Double(doorman.time.monotonicNanoseconds() - begun) / 1e9
        let (route, principal) = tracker.seen
        let status = Int(response.status.code)
        doorman.metrics.request(listener: doorman.listener, route: route, status: status, seconds: seconds)
        context.logger.info(
            "request",
            metadata: [
                "listener": "\(doorman.listener.rawValue)", "route": "\(route)", "status": "\(status)",
                "ms": "\(Int((seconds * 1_000).rounded()))", "source": "\(visit.source)",
                "principal": "\(principal?.name ?? "-")", "request_id": "\(visit.requestID)",
                "trace_id": "\(visit.trace.traceID)",
            ])
        return response
    }
}
