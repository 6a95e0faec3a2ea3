import ChannelAdapters
import Commerce

/// How one platform speaks: what it makes of requests, and how it tells of parcels.
protocol TrackerWire: Sendable {
    /// Waits before the second and each later try of a push.
    var schedule: [Duration] { get }
    func answer(_ request: SimulatedRequest, _ books: inout TrackerBooks, at now: Timestamp) -> HTTPResponse
    /// Its words for a bad day.
    func trouble(_ trouble: TrackerTrouble) -> HTTPResponse
    /// Pushes about parcels, some of which it may tell nobody of; marks in the books what was told.
    func pushes(_ parcels: [SimulatedParcel], _ kind: PushKind, _ books: inout TrackerBooks) -> [PushDraft]
    /// Whether an answer is its word for success.
    func hears(_ answer: HTTPResponse) -> Bool
    /// The request as it comes when somebody altered it on the way.
    func tampered(_ request: HTTPRequest) -> HTTPRequest
}

enum TrackerTrouble: Sendable { case broken, throttled, inBody }

enum PushKind: Sendable {
    case news
    /// All of it, in no order.
    case shuffled
    /// Only some of what was told before.
    case shrunk
    /// It will tell no more, and why.
    case gaveUp(String)
    /// It was another carrier's all along.
    case otherCarrier(String)
}

extension TrackerWire {
    /// Changes one digit near the middle: what was signed is another text then.
    func tampered(_ request: HTTPRequest) -> HTTPRequest {
        var altered = request
        guard var body = request.body, !body.isEmpty else { return altered }
        let place = body[(body.count / 2)...].firstIndex { (0x30...0x38).contains($0) } ?? body.count / 2
        body[place] = body[place] == 0x30 ? 0x31 : 0x30
        altered.body = body
        return altered
    }

    static func reply(_ status: Int, _ text: String) -> HTTPResponse {
        HTTPResponse(status: status, headers: [("content-type", "application/json; charset=utf-8")], body: Array(text.utf8))
    }

    static func reply(_ json: JSON, status: Int = 200) -> HTTPResponse { reply(status, json.text) }

    static func request(
        _ url: String, _ contentType: String, _ body: [UInt8], headers: [(name: String, value: String)] = []
    ) -> HTTPRequest {
        HTTPRequest(
            method: .post, url: url, headers: [("Content-Type", contentType)] + headers, body: body, timeout: .seconds(10),
            responseBytesMax: 65_536, addresses: .privateToo)
    }

    static func json(_ bytes: [UInt8]) -> JSON? { do { return try JSON.parse(bytes) } catch { return nil } }
    static func form(_ bytes: [UInt8]) -> PostedFields? { do { return try PostedFields(bytes) } catch { return nil } }
}
