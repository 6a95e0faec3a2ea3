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
        if doorman.listener != .socket {
            visit.source = source(of: request, from: context.source)
            let isGateways = request.uri.path.hasPrefix(GatewayRoutes.root + "/")
            try (isGateways ? doorman.gatewaySources : doorman.sources).admit(visit.source, what: "address")
        }
        return try await next(request, visit)
    }

    /// The nearest hop nobody of ours vouches for: whoever the peer is, or whoever a proxy of ours says it got this from.
    ///
    /// Each proxy adds who it heard from at the end; everything before the first stranger is that stranger's word.
    private func source(of request: Request, from peer: String) -> String {
        let proxies = doorman.limits.trustedProxies
        guard !proxies.isEmpty, let hops = request.headers[.forwardedFor] else { return peer }
        var source = peer
        for hop in hops.split(separator: ",").reversed() {
            guard proxies.contains(where: { $0.contains(source) }) else { break }
            source = String(hop.filter { $0.isHexDigit || $0 == "." || $0 == ":" }.prefix(45))
        }
        return source
    }
}
