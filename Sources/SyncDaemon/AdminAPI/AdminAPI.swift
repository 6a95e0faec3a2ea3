import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// The admin API: what operators, the CLI and scripts can see and do.
///
/// Handlers read the request, call a desk and write the answer; they decide nothing.
struct AdminAPI: Sendable {
    let desk: any OperatorDesk
    let catalog: any CatalogDesk
    let stock: any StockDesk
    let orders: any OrderDesk
    let prices: any PriceDesk
    let tokens: any TokenDesk
    let answers: any AnswerMemory
    let status: any StatusSource
    let doctor: any DoctorDesk
    let gateways: any GatewayDesk
    let bills: any BillDesk
    let streams: EventStream
    let surroundings: Surroundings
    let limits: HTTPLimits
    let inFlight = KeysInFlight()
    let examinations = ExaminationGate()

    static let root = "/admin/v1"

    var routes: [Route] {
        statusRoutes + logRoutes + channelRoutes + conflictRoutes + inboxRoutes + queueRoutes + driftRoutes + entityRoutes
            + transferRoutes + stockRoutes + orderRoutes + priceRoutes + tokenRoutes + doctorRoutes + gatewayRoutes + billRoutes
    }

    var jsonBody: (String) -> Route.Body {
        { schema in .json(bytesMax: limits.bodyBytesMax, schema: schema) }
    }

    /// Runs a request that creates something at most once under its `Idempotency-Key`.
    func once(_ exchange: Exchange, _ work: () async throws -> (HTTPResponse.Status, JSON)) async throws -> Response {
        guard let name = exchange.header(.idempotencyKey) else {
            let (status, body) = try await work()
            return .json(body, status: status)
        }
        let key = try AnswerKey.of(name, exchange)
        guard inFlight.enter(key) else {
            throw Problem(.conflict, "in_flight", "The first request under this Idempotency-Key is still being worked on.")
        }
        defer { inFlight.leave(key) }
        if let kept = try await answers.answer(for: key) {
            guard kept.sameRequest else {
                throw Problem(
                    .unprocessableContent, "idempotency_key", "This Idempotency-Key was used for another request.",
                    field: "Idempotency-Key")
            }
            return Response(
                status: HTTPResponse.Status(code: kept.status),
                headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: kept.body)))
        }
        let (status, body) = try await work()
        try await answers.keep(status: status.code, body: body.bytes, for: key)
        return .json(body, status: status)
    }

    static func channelID(_ text: String, _ field: String) throws(Problem) -> ChannelID {
        guard let id = ChannelID(text) else {
            throw .invalid(field, "must be 1 to 32 characters out of a-z 0-9 -, starting with a letter")
        }
        return id
    }

    static func number(_ text: String, _ field: String) throws(Problem) -> Int64 {
        guard let number = Int64(text), number >= 0 else { throw .invalid(field, "must be a whole number") }
        return number
    }
}
