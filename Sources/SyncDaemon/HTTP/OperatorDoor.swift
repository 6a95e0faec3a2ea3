import Commerce
import Crypto
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Lets operators in: by the UNIX socket, or by a token on the admin listener.
struct OperatorDoor: Sendable {
    let listener: Listener
    let tokens: any TokenDesk
    let time: any TimeSource
    /// The status page may be read without a token; only ever true on loopback.
    let pageIsOpen: Bool
    /// Names a browser may have reached this listener under; keeps other names that were
    /// made to resolve here (DNS rebinding) from reading the page.
    let hosts: Set<String>

    /// - Returns: nil when the route is for channels to prove themselves at.
    /// - Throws: 401 without a valid token, 403 with one of too small a scope, 421 for a strange host.
    func identify(_ request: Request, _ visit: Visit, for access: Route.Access) async throws -> Principal? {
        if listener == .socket, access != .channel, access != .shop { return await hostPrincipal(visit) }
        switch access {
        case .channel, .shop: return nil
        case .nobody, .gateway: return Principal(identity: .reader, scope: nil)
        case .page:
            try checkHost(request)
            if pageIsOpen, request.headers[.authorization] == nil { return Principal(identity: .reader, scope: .read) }
            return try await holder(request, least: .read, basic: true)
        case .operators(let scope): return try await holder(request, least: scope, basic: false)
        }
    }

    private func hostPrincipal(_ visit: Visit) async -> Principal {
        guard let peer = await PeerCredentials.of(visit.channel) else { return Principal(identity: .socket, scope: .admin) }
        return Principal(identity: .host(user: peer.user, process: peer.process), scope: .admin)
    }

    private func checkHost(_ request: Request) throws(Problem) {
        let authority = request.head.authority ?? ""
        let host = authority.hasPrefix("[")
            ? String(authority.prefix { $0 != "]" }.dropFirst()) : String(authority.prefix { $0 != ":" })
        guard hosts.contains(host.lowercased()) else {
            throw Problem(.misdirectedRequest, "host", "This listener does not answer to that host name.")
        }
    }

    private func holder(_ request: Request, least: Scope, basic: Bool) async throws -> Principal {
        guard let text = OperatorDoor.token(in: request, basic: basic),
            let record = try await tokens.holder(of: text), time.now() < record.expires
        else { throw refusal(basic: basic) }
        guard record.scope >= least else {
            throw Problem(
                .forbidden, "scope", "This needs the scope \(least.rawValue); the token has \(record.scope.rawValue).",
                next: "POST /admin/v1/tokens")
        }
        return Principal(identity: .token(id: record.id, name: record.name), scope: record.scope)
    }

    private func refusal(basic: Bool) -> Problem {
        var problem = Problem(.unauthorized, "unauthorized", "A valid token is needed here.", next: "heyi token create")
        problem.headers[.wwwAuthenticate] = basic ? "Basic realm=\"heyi\", charset=\"UTF-8\"" : "Bearer realm=\"heyi\""
        return problem
    }

    /// Browsers cannot send bearer tokens by themselves; pages, which only read, also take one as a Basic password.
    private static func token(in request: Request, basic: Bool) -> String? {
        guard let header = request.headers[.authorization], header.utf8.count <= 512 else { return nil }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        switch parts[0].lowercased() {
        case "bearer": return String(parts[1])
        case "basic" where basic:
            guard let bytes = Base64.decode(String(parts[1])) else { return nil }
            return String(decoding: bytes, as: UTF8.self).split(separator: ":", maxSplits: 1).last.map(String.init)
        default: return nil
        }
    }
}
