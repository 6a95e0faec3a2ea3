import Commerce
import Crypto
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// The shop API: what the backends of web shops, apps and mini-programs ask for people who shop.
///
/// Handlers read the request, call the desk and write the answer; they decide nothing. Whatever
/// changes something does so once under its `Idempotency-Key`.
struct ShopAPI: Sendable {
    let desk: any ShopDesk
    let limits: HTTPLimits
    let streams: EventStream
    let time: any TimeSource
    private let inFlight = KeysInFlight()

    static let root = "/v1/shop"

    init(desk: any ShopDesk, limits: HTTPLimits, streams: EventStream, time: any TimeSource) {
        self.desk = desk
        self.limits = limits
        self.streams = streams
        self.time = time
    }

    var routes: [Route] { goodsRoutes + cartRoutes + checkoutRoutes + orderRoutes + changeRoutes }

    /// A route that changes something; its key and what may become of it are part of its description.
    func changing(
        _ method: HTTPRequest.Method, _ path: String, _ summary: String, parameters: [RouteParameter] = [], body: Route.Body,
        answers: [RouteAnswer], headers: (@Sendable (JSON) throws -> HTTPFields)? = nil,
        work: @escaping @Sendable (Exchange, Shopper, AnswerKey) async throws -> StandingAnswer
    ) -> Route {
        let inFlight = self.inFlight
        return Route(
            method, ShopAPI.root + path, .shop, .shop, summary,
            parameters: [.header("Idempotency-Key", required: true, "A name of this request's own, drawn at random.")] + parameters,
            body: body, answers: ShopAPI.withKeyAnswers(answers)
        ) { exchange in
            let shopper = try exchange.shopper
            let key = try AnswerKey.required(exchange, shopper)
            guard inFlight.enter(key) else {
                var problem = Problem(.conflict, "in_flight", "The first request under this Idempotency-Key is still being worked on.")
                problem.retryAfterSeconds = 1
                throw problem
            }
            defer { inFlight.leave(key) }
            return try await work(exchange, shopper, key).response(headers)
        }
    }

    private static func withKeyAnswers(_ answers: [RouteAnswer]) -> [RouteAnswer] {
        let usual: [RouteAnswer] = [
            .problem(400, "No `Idempotency-Key`, or not a JSON value."),
            .problem(409, "The first request under this key is still being worked on."),
            .problem(422, "A member is wrong, `field` says which; or the key was used for another request."),
        ]
        return answers + usual.filter { one in !answers.contains { $0.status == one.status } }
    }
}

extension AnswerKey {
    /// The key of a request that must have one.
    ///
    /// - Throws: 400 where there is none; 422 for one that is longer than 128 bytes or not plain ASCII.
    static func required(_ exchange: Exchange, _ shopper: Shopper) throws(Problem) -> AnswerKey {
        guard let name = exchange.said(.idempotencyKey) else {
            throw Problem(
                .badRequest, "idempotency_key_missing", "This request changes something and needs an Idempotency-Key.",
                field: "Idempotency-Key", next: "draw one at random, and send it again with every try of this request")
        }
        let key = try of(name, exchange)
        // What a request is conditional on is part of what it is.
        var hash = SHA256()
        hash.update(data: key.digest)
        hash.update(data: Array((exchange.said(.ifMatch) ?? "").utf8))
        return AnswerKey(principal: shopper.keyScope, key: key.key, digest: Array(hash.finalize()))
    }

    /// The answer to a key that was another request's.
    static var misused: Problem {
        Problem(
            .unprocessableContent, "idempotency_key", "This Idempotency-Key was used for another request.",
            field: "Idempotency-Key", next: "draw a new key for a new request")
    }
}

extension Exchange {
    /// Who shops, as the door found.
    var shopper: Shopper {
        get throws(Problem) {
            guard case .shopper(let shopper) = principal.identity else { throw .framework(.notFound) }
            return shopper
        }
    }

    /// A header that says something; an empty one is signed like one that is not there, and is taken like it.
    func said(_ name: HTTPField.Name) -> String? {
        guard let text = header(name), !text.isEmpty else { return nil }
        return text
    }
}
