import Commerce

/// Talks to the platform: signs what goes, verifies what comes, and says what is certain then.
struct WeChatPayClient: Sendable {
    let account: WeChatPayAccount
    let ring: PlatformKeyRing
    let transport: any HTTPTransport
    let surroundings: Surroundings

    /// What an answer amounts to, cut by what may be concluded from it.
    enum Answer: Sendable {
        /// Genuine, and done.
        case done(JSON)
        /// Genuine, and not done.
        case refused(Complaint)
        /// It may have been done or not, whatever was said.
        case unsure(String, Complaint? = nil)
        /// It certainly did not arrive.
        case unsent(String)
    }

    /// The platform's own words about a failure.
    struct Complaint: Hashable, Sendable, CustomStringConvertible {
        let status: Int
        let code: String
        let message: String
        let request: String?

        var description: String {
            "status \(status)" + (code.isEmpty ? "" : ", \(code)") + (message.isEmpty ? "" : ": \(message)")
                + (request.map { " (request \($0))" } ?? "")
        }

        init(_ response: HTTPResponse) {
            status = response.status
            request = response["request-id"].map { WeChatPayMembers.printable($0, max: 64) }
            guard let json = WeChatPayClient.json(of: response) else { (code, message) = ("", ""); return }
            code = WeChatPayMembers.printable(json["code"]?.string ?? "", max: 64)
            message = WeChatPayMembers.printable(json["message"]?.string ?? "")
        }
    }

    /// Sends one request, and fetches certificates before it when that is due.
    func send(_ method: HTTPRequest.Method, _ target: String, _ body: JSON? = nil, sealed: PlatformKey? = nil) async -> Answer {
        if ring.beginsRefresh(at: surroundings.time.now()) { await fetchCertificates() }
        // What cannot be proven afterwards is not asked for.
        guard ring.hasKey(at: surroundings.time.now()) else { return .unsent(ring.complaint ?? "no key of the platform is known") }
        let response: HTTPResponse
        do throws(TransportError) {
            response = try await transport.send(try request(method, target, body, sealed: sealed))
        } catch {
            return WeChatPayClient.silence(error)
        }
        return await judge(response)
    }

    private func judge(_ response: HTTPResponse) async -> Answer {
        let complaint = Complaint(response)
        if let fault = fault(of: response) {
            guard case .unknownKey = fault, ring.beginsRefreshForAnswer(at: surroundings.time.now()) else { return doubt(fault, complaint) }
            await fetchCertificates()
            if let fault = self.fault(of: response) { return doubt(fault, complaint) }
        }
        switch response.status {
        case 204: return .done(.null)
        case 202: return .unsure("taken on, not done yet")
        case 200..<300:
            guard let json = WeChatPayClient.json(of: response) else { return .unsure("the answer is no JSON") }
            // A failure under status 200 has been seen, and is none to rely on in either way.
            if let code = json["code"]?.string, code != "SUCCESS" { return .unsure("\(complaint)", complaint) }
            return .done(json)
        case 429: return .unsure("\(complaint)", complaint)
        case 400..<500: return .refused(complaint)
        default: return .unsure("\(complaint)", complaint)
        }
    }

    private func doubt(_ fault: WeChatPaySignature.Fault, _ complaint: Complaint) -> Answer {
        let words = complaint.status >= 400 ? "; it says \(complaint)" : ""
        return .unsure("an answer that is not proven to be the platform's: \(fault.reason)\(words)", complaint)
    }

    /// Why an answer is not the platform's; nil when it is.
    func fault(of response: HTTPResponse) -> WeChatPaySignature.Fault? {
        do throws(WeChatPaySignature.Fault) {
            try WeChatPaySignature(response.headers)
                .verify(response.body, with: ring, tolerance: account.tolerance, at: surroundings.time.now())
            return nil
        } catch {
            return error
        }
    }

    func request(
        _ method: HTTPRequest.Method, _ target: String, _ body: JSON? = nil, sealed: PlatformKey? = nil, bytesMax: Int = 1_048_576
    ) throws(TransportError) -> HTTPRequest {
        let bytes = body?.bytes
        let authorization: String
        do throws(RSAKeyFault) {
            authorization = try account.authorization(
                method.rawValue, target, bytes ?? [], nonce: surroundings.nonce(), at: surroundings.time.now())
        } catch { throw .invalidRequest(reason: error.reason) }
        var headers = [
            (name: "Authorization", value: authorization), (name: "Accept", value: "application/json"),
            (name: "User-Agent", value: "heyi"),
        ]
        if bytes != nil { headers.append((name: "Content-Type", value: "application/json")) }
        if let name = sealed?.name ?? ring.asked?.description { headers.append((name: "Wechatpay-Serial", value: name)) }
        return HTTPRequest(
            method: method, url: account.url + target, headers: headers, body: bytes, timeout: account.patience,
            responseBytesMax: bytesMax, addresses: account.addresses)
    }

    static func silence(_ error: TransportError) -> Answer {
        switch error {
        case .invalidRequest(let reason), .unreachable(let reason), .untrusted(let reason): .unsent(reason)
        case .forbiddenAddress(let address): .unsent("the address is not allowed: \(address)")
        case .timedOut(mayHaveArrived: false): .unsent("no connection in time")
        case .timedOut(mayHaveArrived: true): .unsure("no answer in time")
        case .interrupted(let reason): .unsure(reason)
        case .responseTooLarge(let bytesMax): .unsure("the answer is longer than \(bytesMax) bytes")
        case .cancelled: .unsure("given up before there was an answer")
        }
    }

    static func json(of response: HTTPResponse) -> JSON? {
        do throws(JSONError) { return try JSON.parse(response.body) } catch { return nil }
    }
}

extension WeChatPayClient.Answer {
    /// Why nothing usable came; nil when something did.
    var silence: String? {
        switch self {
        case .done, .refused: nil
        case .unsure(let reason, _), .unsent(let reason): reason
        }
    }
}
