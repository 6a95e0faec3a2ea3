package import ChannelAdapters
package import Commerce
import Synchronization

/// WeChat Pay on the other side: real wire, and books that nobody but it writes.
package final class WeChatPaySimulator: GatewaySimulator {
    let signer: WeChatPaySigner
    let surroundings: Surroundings
    let books: Mutex<WeChatPayBooks>
    package let keys: WeChatPayKeyMaterial

    /// - Parameters:
    ///   - surroundings: its time is the platform's clock.
    ///   - refundPause: how long the platform wants between two refunds of one payment.
    package init(keys: WeChatPayKeyMaterial, surroundings: Surroundings, refundPause: Duration = .zero) {
        self.keys = keys
        self.surroundings = surroundings
        signer = WeChatPaySigner(keys: keys, surroundings: surroundings)
        books = Mutex(WeChatPayBooks(refundPause: refundPause))
    }

    package func respond(to request: SimulatedRequest) -> SimulatedOutcome {
        let now = surroundings.time.now()
        return books.withLock { books in
            func falls(_ chance: Int) -> Bool { chance > 0 && Int(surroundings.random.next() % 1_000) < chance }
            let dials = books.dials
            if dials.dark { return .refused }
            if falls(dials.dropBefore) { return .dropped }
            if falls(dials.failBefore) { return answered(.systemError, request) }
            if falls(dials.throttle) { return answered(.failure(429, "FREQUENCY_LIMITED", "频率超过限制"), request) }
            if falls(dials.failInBody) { return answered(.failure(200, "FAIL", "系统繁忙"), request) }
            let answer = serve(request, &books, at: now, refuses: falls(dials.refuseRefunds))
            if falls(dials.failAfter) { return answered(.systemError, request) }
            return falls(dials.dropAfter) ? .dropped : answered(answer, request)
        }
    }

    private func serve(_ request: SimulatedRequest, _ books: inout WeChatPayBooks, at now: Timestamp, refuses: Bool) -> WeChatPayReply {
        books.advance(to: now, signer, surroundings)
        guard request["accept"] != nil, request["user-agent"]?.isEmpty == false else {
            return .failure(400, "PARAM_ERROR", "Http头缺少Accept或User-Agent")
        }
        if let complaint = signer.complaint(about: request) { return .failure(401, "SIGN_ERROR", complaint, isSigned: false) }
        let path = request.path.split(separator: "/").map(String.init)
        let query = WeChatPaySimulator.query(request.query)
        switch (request.method, path.count > 1 ? path[1] : "", path.count) {
        case ("POST", "pay", 4): return books.prepay(path[3], request.body, keys, at: now)
        case ("GET", "pay", 5): return books.look(path[3], path[4], query, keys)
        case ("POST", "pay", 6): return books.close(path[4], request.body, keys)
        case ("POST", "refund", 4): return refuses ? .failure(403, "NOT_ENOUGH", "基本账户余额不足，请充值后重新发起") : books.refund(request.body, at: now, signer, surroundings)
        case ("GET", "refund", 5): return books.lookRefund(path[4])
        case ("GET", "certificates", 2): return certificates()
        case ("POST", "security", 3): return echo(request, &books, at: now)
        case ("GET", "bill", 3): return books.announce(path[2], query, keys, at: now)
        case ("GET", "billdownload", 3): return books.file(query["token"] ?? "", at: now)
        default: return .failure(404, "RESOURCE_NOT_EXISTS", "请求的资源不存在")
        }
    }

    private func answered(_ reply: WeChatPayReply, _ request: SimulatedRequest) -> SimulatedOutcome {
        var headers = [(name: "request-id", value: "08" + String(surroundings.random.next(), radix: 16, uppercase: true))]
        if !reply.body.isEmpty { headers.append((name: "content-type", value: reply.isFile ? "application/octet-stream" : "application/json")) }
        if reply.isSigned { headers += signer.answer(reply.body, asked: request["wechatpay-serial"]) }
        return .answered(HTTPResponse(status: reply.status, headers: headers, body: reply.body))
    }

    private func certificates() -> WeChatPayReply {
        let cipher = WeChatPayCipher(key: Secret(keys.apiV3Key))
        do throws(WeChatPayCipher.Fault) {
            let data = try signer.listed.map { one throws(WeChatPayCipher.Fault) -> JSON in
                let nonce = WeChatPaySimulator.nonce(surroundings)
                return [
                    "serial_no": .string(one.serial), "effective_time": "2026-01-01T00:00:00+08:00", "expire_time": "2031-01-01T00:00:00+08:00",
                    "encrypt_certificate": [
                        "algorithm": "AEAD_AES_256_GCM", "nonce": .string(nonce), "associated_data": "certificate",
                        "ciphertext": .string(try cipher.seal(Array(one.pem.utf8), nonce: nonce, associated: "certificate")),
                    ],
                ]
            }
            return data.isEmpty ? .failure(404, "RESOURCE_NOT_EXISTS", "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥") : .ok(["data": .array(data)])
        } catch { preconditionFailure("a simulator's own key seals: \(error.reason)") }
    }

    private func echo(_ request: SimulatedRequest, _ books: inout WeChatPayBooks, at now: Timestamp) -> WeChatPayReply {
        guard let json = WeChatPayReply.json(request.body), let word = json["echo_message"]?.string else {
            return .failure(400, "PARAM_ERROR", "缺少echo_message")
        }
        if let sealed = json["encrypted_echo_message"]?.string {
            let asked = request["wechatpay-serial"]?.uppercased()
            let key = asked == keys.publicKeyID ? keys.publicKey : signer.listed.first { $0.serial.uppercased().drop { $0 == "0" } == asked?.drop { $0 == "0" } }?.key
            guard let key, let opened = WeChatPayReply.opened(sealed, key), opened == Array(word.utf8) else {
                return .failure(400, "PARAM_ERROR", "敏感信息解密失败")
            }
        }
        if let url = json["notify_url"]?.string {
            books.tell("SECURITY_ECHO.SUCCESS", "security_echo", ["mchid": .string(keys.merchant), "echo_message": .string(word)], to: url, at: now, signer, surroundings)
        }
        return .ok(["echo_message": .string(word)])
    }

    package func dueCallbacks(at now: Timestamp) -> [SimulatedCallback] {
        books.withLock { books in
            books.advance(to: now, signer, surroundings)
            return books.queue.take(at: now)
        }
    }

    package func callbackAnswered(_ id: Int64, by answer: HTTPResponse?, at now: Timestamp) {
        books.withLock { $0.queue.answered(id, wasSuccess: answer?.status == 200 || answer?.status == 204, at: now) }
    }

    /// When the next callback is due; nil when none waits.
    package var nextCallback: Timestamp? { books.withLock { $0.queue.nextDue } }

    static func nonce(_ surroundings: Surroundings) -> String {
        let text = String(surroundings.random.next(), radix: 36)
        return String((text + "000000000000").prefix(12))
    }

    static func query(_ text: String) -> [String: String] {
        Dictionary(
            text.split(separator: "&").map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1)
                return (String(parts[0]), parts.count == 2 ? String(parts[1]) : "")
            }
        ) { first, _ in first }
    }
}
