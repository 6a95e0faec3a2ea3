import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Where gateways and shops deliver what happened at their end.
struct CallbackRoutes: Sendable {
    let desk: any CallbackDesk
    let time: any TimeSource
    let limits: HTTPLimits

    var routes: [Route] {
        [
            Route(
                .post, "/v1/callbacks/{id}", .channel, .callback, "Deliver a signed callback",
                body: .json(bytesMax: limits.callbackBytesMax, schema: "Callback"),
                answers: [
                    .empty(204, "Durable, or durable since before. A worker applies it."),
                    .problem(409, "The message id came with another body before; both are kept for a person."),
                ]
            ) { exchange in
                guard case .channel(let channel) = exchange.principal.identity else { throw Problem.framework(.notFound) }
                let callback = RawCallback(
                    channel: channel, messageID: exchange.header(.webhookID) ?? "", received: time.now(),
                    contentType: exchange.header(.contentType) ?? "", body: exchange.body,
                    traceID: exchange.visit.trace.traceID)
                switch try await desk.accept(callback) {
                case .stored, .known: return .noContent
                case .quarantined:
                    throw Problem(
                        .conflict, "message_id", "This message id came with another body before; both are kept for a person.")
                }
            }
        ]
    }
}
