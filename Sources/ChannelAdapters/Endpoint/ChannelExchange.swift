import Commerce

/// One request to a channel and what its answer means, the same for every protocol over HTTP.
struct ChannelExchange: Sendable {
    let transport: any HTTPTransport

    /// - Parameter taken: Statuses beside 2xx that the caller reads itself.
    func send(_ request: HTTPRequest, taking taken: Set<Int> = []) async throws(ChannelError) -> HTTPResponse {
        let response: HTTPResponse
        do {
            response = try await transport.send(request)
        } catch {
            throw ChannelExchange.channelError(error)
        }
        guard (200..<300).contains(response.status) || taken.contains(response.status) else {
            throw ChannelExchange.refusal(response)
        }
        return response
    }

    static func json(of response: HTTPResponse) throws(ChannelError) -> AnswerReader {
        do {
            return AnswerReader(try JSON.parse(response.body))
        } catch {
            throw .malformed(reason: "the answer's body: \(error)")
        }
    }

    /// Runs a reading and turns its fault into ``ChannelError/malformed(reason:)``.
    static func reading<Value>(_ read: () throws(AnswerFault) -> Value) throws(ChannelError) -> Value {
        do {
            return try read()
        } catch {
            throw error.channelError
        }
    }

    static func channelError(_ error: TransportError) -> ChannelError {
        switch error {
        case .invalidRequest(let reason): .rejected(field: "request", reason: reason)
        case .unreachable(let reason), .untrusted(let reason): .unreachable(reason: reason)
        case .interrupted(let reason): .unknown(reason: reason)
        case .timedOut(mayHaveArrived: true): .unknown(reason: "no answer in time")
        case .timedOut(mayHaveArrived: false): .unreachable(reason: "no connection in time")
        case .responseTooLarge(let bytesMax): .malformed(reason: "the answer is longer than \(bytesMax) bytes")
        case .forbiddenAddress(let address): .unreachable(reason: "the address is not allowed: \(address)")
        case .cancelled: .cancelled
        }
    }

    /// What a status that is no success means.
    static func refusal(_ response: HTTPResponse) -> ChannelError {
        let problem = Problem(of: response)
        switch response.status {
        case 401, 403: return .unauthorized(reason: problem.reason)
        case 409, 410: return .resyncNeeded(reason: problem.reason)
        case 413: return .rejected(field: "batch", reason: problem.reason)
        case 429, 503: return .throttled(retryAfter: RetryAfter.wait(of: response))
        case 500...: return .failed(status: response.status, reason: problem.reason)
        case 300..<400: return .rejected(field: "endpoint", reason: "answers with a redirect, which is not followed")
        default: return .rejected(field: problem.field, reason: problem.reason)
        }
    }
}

/// What an answer says about its own failure, as far as it says something usable.
struct Problem {
    let field: String
    let reason: String

    /// Reads problem+json, or `{field, reason}`; anything else leaves the status to speak.
    init(of response: HTTPResponse) {
        var field = ""
        var reason = "status \(response.status)"
        if let json = Problem.json(of: response) {
            let first = json["errors"]?.array?.first ?? json
            field = first["field"]?.string ?? json["field"]?.string ?? ""
            let words = first["reason"] ?? first["detail"] ?? json["detail"] ?? json["title"]
            if let text = words?.string, !text.isEmpty { reason += ": " + Problem.printable(text) }
        }
        self.field = Problem.printable(field)
        self.reason = reason
    }

    /// A failure need not be JSON at all: proxies answer in HTML. Then the status has to do.
    private static func json(of response: HTTPResponse) -> JSON? {
        do { return try JSON.parse(response.body) } catch { return nil }
    }

    /// Somebody else's words, on their way to logs and terminals.
    private static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(200)))
    }
}
