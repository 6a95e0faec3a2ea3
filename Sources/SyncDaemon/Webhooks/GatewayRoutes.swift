import ChannelAdapters
import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Where payment and logistics platforms deliver what happened at their end.
///
/// Each proves itself in its own way and is answered in its own words, so the door only bounds what comes in.
struct GatewayRoutes: Sendable {
    let desk: any GatewayDesk
    let limits: HTTPLimits

    static let root = "/v1/gateways"

    var routes: [Route] {
        [route(.post, "{id}"), route(.post, "{id}/{tail}"), route(.get, "{id}")]
    }

    private func route(_ method: HTTPRequest.Method, _ path: String) -> Route {
        Route(
            method, "\(GatewayRoutes.root)/\(path)", .gateway, .callback,
            method == .get ? "Answer a platform that asks whether somebody listens" : "Deliver a platform's callback",
            body: method == .get ? .none : .bytes(bytesMax: limits.callbackBytesMax),
            answers: [
                .content("text/plain", "Durable, or durable since before; in the platform's own words, with status 200 or 204."),
                .problem(401, "Not proved to be the platform's; in the platform's own words for failure."),
                .problem(404, "No gateway of this name."),
            ]
        ) { exchange in
            let callback = GatewayCallback(
                method: method.rawValue, tail: exchange.visit.parameters.get("tail") ?? "",
                query: exchange.request.uri.queryParameters.map { (String($0.key), String($0.value)) },
                headers: exchange.request.headers.map { ($0.name.canonicalName, $0.value) }, body: exchange.body)
            let id = try exchange.path("id")
            guard let answer = await desk.receive(id, callback) else { throw DeskError.notFound("gateway \(id)") }
            return answer.response
        }
    }
}

extension CallbackAnswer {
    fileprivate var response: Response {
        var headers = HTTPFields()
        if let contentType { headers[.contentType] = contentType }
        return Response(
            status: .init(code: status), headers: headers, body: .init(byteBuffer: .init(bytes: body)))
    }
}
