import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Tells browsers to load nothing from elsewhere, guess nothing and embed nothing.
struct SecurityHeaders: RouterMiddleware {
    typealias Context = Visit

    static let policy = [
        "default-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'", "object-src 'none'",
    ].joined(separator: "; ")

    func handle(_ request: Request, context: Visit, next: @concurrent (Request, Visit) async throws -> Response) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.contentSecurityPolicy] = SecurityHeaders.policy
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.referrerPolicy] = "no-referrer"
        response.headers[.crossOriginResourcePolicy] = "same-origin"
        return response
    }
}

extension HTTPField.Name {
    static let referrerPolicy = known("Referrer-Policy")
    static let crossOriginResourcePolicy = known("Cross-Origin-Resource-Policy")
    static let requestID = known("X-Request-ID")
    static let forwardedFor = known("X-Forwarded-For")
    static let acceptBuffering = known("X-Accel-Buffering")
    static let idempotencyKey = known("Idempotency-Key")
    static let heyiChannel = known("Heyi-Channel")
    static let heyiMember = known("Heyi-Member")
    static let lastEventID = known("Last-Event-ID")
    static let webhookID = known("webhook-id")
    static let webhookTimestamp = known("webhook-timestamp")
    static let webhookSignature = known("webhook-signature")

    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no header name") }
        return name
    }
}
