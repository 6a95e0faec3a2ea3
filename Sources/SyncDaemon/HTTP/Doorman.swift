import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Decides about every request of one listener, cheapest question first.
///
/// Size, type, and the form of a signature come before anything that costs us work;
/// the body is collected before a signature is computed, because it covers the body;
/// nothing is parsed before the caller is known.
struct Doorman: Sendable {
    let listener: Listener
    let limits: HTTPLimits
    let time: any TimeSource
    let metrics: Metrics
    let sources: RateLimiter
    /// Of addresses that platforms' callbacks come from: many payments may come from one.
    let gatewaySources: RateLimiter
    let channelRates: RateLimiter
    let shopRates: RateLimiter
    let capacity: CapacityGate
    let operators: OperatorDoor
    let channels: ChannelDoor?

    func admit(_ request: Request, _ visit: Visit, to route: Route) async throws -> Response {
        visit.access?.reached(route)
        try checkForm(of: request, for: route)
        if route.access == .channel || route.access == .shop { try channels?.checkForm(of: request) }
        // An open stream gives its place back when it ends, see EventStream.
        try capacity.enter(route.capacity)
        defer { capacity.leave(route.capacity) }
        let known = try await operators.identify(request, visit, for: route.access)
        let body = try await collect(request, for: route)
        let principal: Principal
        if let known {
            principal = known
        } else {
            guard let channels else { throw Problem.framework(.notFound) }
            if route.access == .shop {
                principal = try await channels.identifyShopper(request, body: body)
                try shopRates.admit(principal.name, what: "channel's shoppers")
            } else {
                principal = try await channels.identify(request, visit, body: body)
                try channelRates.admit(principal.name, what: "channel")
            }
        }
        visit.access?.admitted(principal)
        var visit = visit
        visit.principal = principal
        return try await route.handle(
            Exchange(request: request, visit: visit, principal: principal, body: body, limits: limits))
    }

    private func checkForm(of request: Request, for route: Route) throws(Problem) {
        switch route.body {
        case .none: try BodyReader.checkLength(request, bytesMax: 0)
        case .stream(let bytesMax), .bytes(let bytesMax): try BodyReader.checkLength(request, bytesMax: bytesMax)
        case .json(let bytesMax, _):
            try BodyReader.checkLength(request, bytesMax: bytesMax)
            let type = request.headers[.contentType]?.prefix { $0 != ";" }.lowercased() ?? ""
            let essence = type.split(separator: " ").first ?? ""
            guard essence == "application/json" || essence.hasSuffix("+json") else {
                var problem = Problem(.unsupportedMediaType, "media_type", "This route takes application/json.")
                problem.closesConnection = request.headers[.contentLength] != "0"
                throw problem
            }
        }
    }

    private func collect(_ request: Request, for route: Route) async throws -> [UInt8] {
        let bytesMax: Int
        switch route.body {
        case .json(let most, _), .bytes(let most): bytesMax = most
        case .none, .stream: return []
        }
        return try await BodyReader(time: time, patience: limits.bodyTime).collect(request, bytesMax: bytesMax)
    }
}
