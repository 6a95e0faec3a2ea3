import Commerce

/// What the platform answered, by how much of it is proven.
enum AlipayAnswer: Sendable {
    /// Signed by the platform.
    case told(AlipayReply)
    /// A refusal that nobody signed, as the platform gives to requests it could not make out. It proves nothing.
    case unproven(AlipayReply)
    /// No answer that can be used, and why.
    case nothing(String)
}

struct AlipayReply: Sendable {
    /// `10000` when it was done.
    let code: String
    /// `ACQ.TRADE_NOT_EXIST` and its like; empty when there is none.
    let subCode: String
    let content: JSON
    /// By the platform's clock, where its server says.
    var at: Timestamp?

    init(_ content: JSON) throws(ValidationFailure) {
        let told = try AlipayTold(content)
        code = try told.needed("code")
        subCode = try told.text("sub_code") ?? ""
        self.content = content
    }

    var isDone: Bool { code == "10000" }

    /// The platform's words for a failure, fit to be shown.
    var words: String {
        let texts = [code, subCode, content["sub_msg"]?.string ?? content["msg"]?.string ?? ""].filter { !$0.isEmpty }
        return String(String.UnicodeScalarView(texts.joined(separator: " ").unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(200)))
    }
}

/// Sends signed requests and proves the answers.
struct AlipayClient: Sendable {
    let account: AlipayAccount
    let keys: AlipayKeyRing
    let transport: any HTTPTransport
    let surroundings: Surroundings

    private static let timeout = Duration.seconds(30)
    private static let answerBytesMax = 1 << 20

    func call(_ request: AlipayRequest) async -> AlipayAnswer {
        for serial in keys.takeWanted() { await fetch(serial) }
        let sent = await send(request)
        guard case .success(let response) = sent else {
            if case .failure(let reason) = sent { return .nothing(reason.words) }
            return .nothing("no answer")
        }
        let envelope: AlipayEnvelope
        do throws(ValidationFailure) { envelope = try AlipayEnvelope(response.body) } catch {
            return .nothing("status \(response.status), and the answer cannot be read: \(error)")
        }
        let name = request.method.replacing(".", with: "_") + "_response"
        guard envelope.name == name || envelope.name == "error_response" else { return .nothing("the answer is to another question") }
        if let serial = envelope.certificate, account.certificates != nil, keys.keys(of: serial).isEmpty { await fetch(serial) }
        do throws(ValidationFailure) { return try prove(envelope, response.peerTime) } catch { return .nothing("the answer cannot be read: \(error)") }
    }

    private func prove(_ envelope: AlipayEnvelope, _ at: Timestamp?) throws(ValidationFailure) -> AlipayAnswer {
        guard let signature = envelope.signature else {
            var reply = try AlipayReply(try AlipayClient.json(envelope.content))
            reply.at = at
            return reply.isDone ? .nothing("the answer is not signed") : .unproven(reply)
        }
        guard isGenuine(envelope.content, signature, keys.keys(of: envelope.certificate)) else {
            return .nothing("the answer is not signed with a key of Alipay's that is known here")
        }
        var content = try AlipayClient.json(envelope.content)
        // Encrypted content is a text; what was signed is that text with its quotes.
        if case .string(let sealed) = content {
            guard let opened = account.contentKey?.open(sealed) else { return .nothing("the answer is encrypted with a key that is not ours") }
            content = try AlipayClient.json(opened)
        }
        var reply = try AlipayReply(content)
        reply.at = at
        return .told(reply)
    }

    private func isGenuine(_ content: [UInt8], _ signature: String, _ keys: [RSAPublicKey]) -> Bool {
        guard let bytes = [UInt8](base64: signature) else { return false }
        return keys.contains { $0.verifies(bytes, of: content, account.digest) }
    }

    private static func json(_ bytes: [UInt8]) throws(ValidationFailure) -> JSON {
        do throws(JSONError) { return try JSON.parse(bytes) } catch { throw ValidationFailure(field: "", reason: "\(error)") }
    }

    private struct NoAnswer: Error { let words: String }

    private func send(_ request: AlipayRequest) async -> Result<HTTPResponse, NoAnswer> {
        do throws(GatewayFault) {
            let form = try account.form(request, at: surroundings.time.now())
            return await exchange(
                HTTPRequest(
                    method: .post, url: account.url, headers: [("content-type", "application/x-www-form-urlencoded;charset=utf-8")],
                    body: Array(form.utf8), timeout: AlipayClient.timeout, responseBytesMax: AlipayClient.answerBytesMax,
                    addresses: account.addresses))
        } catch {
            return .failure(NoAnswer(words: "\(error)"))
        }
    }

    private func exchange(_ request: HTTPRequest) async -> Result<HTTPResponse, NoAnswer> {
        do throws(TransportError) { return .success(try await transport.send(request)) } catch {
            return .failure(NoAnswer(words: "no answer: \(error)"))
        }
    }

    /// Fetches one of the platform's certificates and takes its key, if its chain is proven and it signed the very answer it came in.
    private func fetch(_ serial: String) async {
        guard account.certificates != nil, serial.utf8.count == 32 else { return }
        let question = AlipayRequest(method: "alipay.open.app.alipaycert.download", content: ["alipay_cert_sn": .string(serial)])
        guard case .success(let response) = await send(question) else { return }
        do {
            let envelope = try AlipayEnvelope(response.body)
            var content = try AlipayClient.json(envelope.content)
            if case .string(let sealed) = content, let opened = account.contentKey?.open(sealed) { content = try AlipayClient.json(opened) }
            guard let text = content["alipay_cert_content"]?.string, let pem = [UInt8](base64: text), let signature = envelope.signature
            else { return }
            let chain = AlipayCertificate.all(in: String(decoding: pem, as: UTF8.self))
            guard account.trust.proves(chain, serial: serial, at: surroundings.time.now()), let leaf = chain.first else { return }
            let key = try RSAPublicKey(leaf.certificate)
            guard isGenuine(envelope.content, signature, keys.keys(of: nil) + [key]) else { return }
            keys.add(key, of: serial)
        } catch {
            // Whoever needs the key says that it is missing; there is nothing to add to that here.
            return
        }
    }

    /// Fetches a file the platform pointed to.
    func file(_ url: String, bytesMax: Int) async -> (response: HTTPResponse?, words: String) {
        // The platform still writes http in places; what says who paid what is not read in the open.
        let safe = account.addresses == .publicOnly && url.hasPrefix("http://") ? "https://" + url.dropFirst(7) : url
        let sent = await exchange(
            HTTPRequest(method: .get, url: safe, timeout: .seconds(60), responseBytesMax: bytesMax, addresses: account.addresses))
        switch sent {
        case .success(let response): return (response, "")
        case .failure(let reason): return (nil, reason.words)
        }
    }
}
