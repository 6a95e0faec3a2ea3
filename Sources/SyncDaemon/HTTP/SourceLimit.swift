import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Holds every source to its rate before anything is done for it.
///
/// The UNIX socket has no source to tell apart and is not limited: its permissions are.
struct SourceLimit: RouterMiddleware {
    typealias Context = Visit
    let doorman: Doorman

    func handle(_ request: Request, context: Visit, next: @concurrent (Request, Visit) async throws -> Response) async throws -> Response {
        var visit = context
        if doorman.limits.trustsForwardedFor, let hop = request.headers[.forwardedFor]?.split(separator: ",").last {
            visit.source = String(hop.filter { $0.isHexDigit || $0 == "." || $0 == ":" }.prefix(45))
        }
        if doorman.listener != .socket {
            try doorman.sources.admit(visit.source, what: "address")
        }
        return try await next(request, visit)
    }
}
