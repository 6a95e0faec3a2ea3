import Commerce

/// One request to a tracking service and what its answer means, as far as that is the same for all of them.
struct TrackerExchange: Sendable {
    enum Answer {
        case object(ReportedValue)
        /// Not known, busy or out of reach: the same may be asked again.
        case later(String, after: Duration?)
        case refused(String)
    }

    let transport: any HTTPTransport
    let addresses: AddressPolicy
    private static let timeout = Duration.seconds(20)
    private static let answerBytesMax = 4 << 20

    func post(_ url: String, _ contentType: String, _ body: [UInt8], headers: [(name: String, value: String)] = []) async -> Answer {
        let request = HTTPRequest(
            method: .post, url: url, headers: [("Content-Type", contentType), ("Accept", "application/json")] + headers, body: body,
            timeout: TrackerExchange.timeout, responseBytesMax: TrackerExchange.answerBytesMax, addresses: addresses)
        let response: HTTPResponse
        do { response = try await transport.send(request) } catch { return TrackerExchange.failure(error) }
        switch response.status {
        case 200..<300:
            do throws(ValidationFailure) { return .object(try ReportedValue.parse(response.body, field: "answer")) } catch {
                return .later("an answer that cannot be read: \(error)", after: nil)
            }
        case 401, 403: return .refused("status \(response.status): the key is not accepted")
        case 408, 425, 429, 500...: return .later("status \(response.status)", after: RetryAfter.wait(of: response))
        default: return .refused("status \(response.status)")
        }
    }

    func form(_ url: String, _ fields: [(String, String)]) async -> Answer {
        await post(url, "application/x-www-form-urlencoded; charset=UTF-8", FormEscaping.form(fields))
    }

    private static func failure(_ error: TransportError) -> Answer {
        switch error {
        case .invalidRequest(let reason): .refused(reason)
        case .forbiddenAddress(let address): .refused("the address is not allowed: \(address)")
        case .unreachable(let reason), .untrusted(let reason), .interrupted(let reason): .later(reason, after: nil)
        case .timedOut: .later("no answer in time", after: nil)
        case .responseTooLarge(let bytesMax): .later("an answer longer than \(bytesMax) bytes", after: nil)
        case .cancelled: .later("cancelled", after: nil)
        }
    }
}
