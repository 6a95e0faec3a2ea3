import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// One route: how it is reached, who may, what it takes and answers, and who does it.
///
/// The tables of these are the only description of the HTTP interface. The router,
/// the doors, the OpenAPI document and the table in `docs/api` are made from them, so
/// they cannot disagree.
struct Route: Sendable {
    /// Who may use it.
    enum Access: Hashable, Sendable {
        case nobody
        /// Readers of the status page: anybody on loopback where the configuration says so.
        case page
        /// A channel, by its signature over the request.
        case channel
        /// A channel on behalf of somebody who shops there, by its signature over the whole request.
        case shop
        /// A payment or logistics platform, in its own way; who it is for decides.
        case gateway
        /// Operators holding at least this scope.
        case operators(Scope)
    }

    enum Body: Sendable {
        case none
        /// A JSON value of at most so many bytes.
        case json(bytesMax: Int, schema: String)
        /// Whatever comes, at most so many bytes.
        case bytes(bytesMax: Int)
        /// Left to the handler to read as it comes.
        case stream(bytesMax: Int)
    }

    let method: HTTPRequest.Method
    let path: String
    let access: Access
    let capacity: CapacityClass
    let summary: String
    var parameters: [RouteParameter] = []
    var body: Body = .none
    let answers: [RouteAnswer]
    let handle: @Sendable (Exchange) async throws -> Response

    var name: String { "\(method.rawValue) \(path)" }

    init(
        _ method: HTTPRequest.Method, _ path: String, _ access: Access, _ capacity: CapacityClass, _ summary: String,
        parameters: [RouteParameter] = [], body: Body = .none, answers: [RouteAnswer],
        handle: @escaping @Sendable (Exchange) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.capacity = capacity
        self.summary = summary
        self.parameters = parameters
        self.body = body
        self.answers = answers
        self.handle = handle
    }
}

/// A parameter of a route besides those in its path.
struct RouteParameter: Sendable {
    enum Place: String, Sendable { case query, header }
    enum Kind: Sendable {
        case text
        case integer(ClosedRange<Int>)
        case boolean
        case word([String])
    }

    let name: String
    let place: Place
    let kind: Kind
    let required: Bool
    let purpose: String

    static func query(_ name: String, _ kind: Kind, required: Bool = false, _ purpose: String) -> Self {
        RouteParameter(name: name, place: .query, kind: kind, required: required, purpose: purpose)
    }

    static func query(_ name: String, required: Bool = false, _ purpose: String) -> Self {
        .query(name, .text, required: required, purpose)
    }

    static func header(_ name: String, required: Bool = false, _ purpose: String) -> Self {
        RouteParameter(name: name, place: .header, kind: .text, required: required, purpose: purpose)
    }

    static let page: [RouteParameter] = [
        .query("limit", .integer(1...200), "Rows in one answer; 50 when left out."),
        .query("after", "The `next` of the answer before."),
    ]
}

/// One status a route answers with.
struct RouteAnswer: Sendable {
    let status: Int
    let meaning: String
    let contentType: String?
    /// The name of a schema of the OpenAPI document; nil where the content is no JSON.
    let schema: String?

    static func json(_ schema: String, _ meaning: String, status: Int = 200) -> Self {
        RouteAnswer(status: status, meaning: meaning, contentType: "application/json", schema: schema)
    }

    static func empty(_ status: Int, _ meaning: String) -> Self {
        RouteAnswer(status: status, meaning: meaning, contentType: nil, schema: nil)
    }

    static func content(_ type: String, _ meaning: String) -> Self {
        RouteAnswer(status: 200, meaning: meaning, contentType: type, schema: nil)
    }

    static func problem(_ status: Int, _ meaning: String) -> Self {
        RouteAnswer(status: status, meaning: meaning, contentType: "application/problem+json", schema: "Problem")
    }
}
