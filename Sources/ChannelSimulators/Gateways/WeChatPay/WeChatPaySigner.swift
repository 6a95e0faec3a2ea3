import ChannelAdapters
import Commerce
import Foundation
import Synchronization

/// The platform's pen: which keys it signs with now, and whether it signs in earnest.
final class WeChatPaySigner: Sendable {
    enum Pen: Hashable, Sendable {
        case certificate(Int)
        case publicKey
    }
    private struct State {
        var answers: Pen = .certificate(0)
        /// Taken in turn; two while the platform changes over.
        var callbacks: [Pen] = [.certificate(0)]
        var turn = 0
        var probesInAnswers = 0
        var probesInCallbacks = 0
        /// Indices of the certificates that are handed out.
        var listed = [0]
    }
    let keys: WeChatPayKeyMaterial
    private let surroundings: Surroundings
    private let state = Mutex(State())

    init(keys: WeChatPayKeyMaterial, surroundings: Surroundings) {
        self.keys = keys
        self.surroundings = surroundings
    }

    var listed: [WeChatPayKeyMaterial.Certified] { state.withLock { $0.listed }.map { keys.certificates[$0] } }

    func probe(answers: Int, callbacks: Int) {
        state.withLock { state in
            state.probesInAnswers += answers
            state.probesInCallbacks += callbacks
        }
    }

    /// Goes over to other keys; what was in force goes on for callbacks as long as both overlap.
    func rotate(to pen: Pen, overlap: Bool) {
        state.withLock { state in
            state.callbacks = overlap && state.answers != pen ? [state.answers, pen] : [pen]
            state.answers = pen
            if case .certificate(let index) = pen { state.listed = overlap ? Array(Set(state.listed + [index])).sorted() : [index] }
        }
    }

    /// The headers over an answer; who asks for the public key gets it.
    func answer(_ body: [UInt8], asked: String?) -> [(name: String, value: String)] {
        let (pen, isProbe) = state.withLock { state in
            let isProbe = state.probesInAnswers > 0
            if isProbe { state.probesInAnswers -= 1 }
            return (asked == keys.publicKeyID ? Pen.publicKey : state.answers, isProbe)
        }
        return sign(body, pen, isProbe: isProbe)
    }

    func callback(_ body: [UInt8]) -> [(name: String, value: String)] {
        let (pen, isProbe) = state.withLock { state in
            let isProbe = state.probesInCallbacks > 0
            if isProbe { state.probesInCallbacks -= 1 }
            state.turn += 1
            return (state.callbacks[state.turn % state.callbacks.count], isProbe)
        }
        return sign(body, pen, isProbe: isProbe)
    }

    private func sign(_ body: [UInt8], _ pen: Pen, isProbe: Bool) -> [(name: String, value: String)] {
        let stamp = String(surroundings.time.now().milliseconds / 1_000)
        let nonce = "sim" + String(surroundings.random.next(), radix: 36)
        let (serial, key): (String, RSAPrivateKey) =
            switch pen {
            case .certificate(let index): (keys.certificates[index].serial, keys.certificates[index].key)
            case .publicKey: (keys.publicKeyID, keys.publicKey)
            }
        let signature: String
        do throws(RSAKeyFault) { signature = Data(try key.sign(Array("\(stamp)\n\(nonce)\n".utf8) + body + [0x0A])).base64EncodedString() } catch {
            preconditionFailure("a simulator's own key signs: \(error)")
        }
        return [
            ("wechatpay-timestamp", stamp), ("wechatpay-nonce", nonce), ("wechatpay-serial", serial),
            ("wechatpay-signature-type", "WECHATPAY2-SHA256-RSA2048"),
            ("wechatpay-signature", isProbe ? "WECHATPAY/SIGNTEST/" + signature : signature),
        ]
    }

    /// Whether the merchant signed a request; the platform's words when not.
    func complaint(about request: SimulatedRequest) -> String? {
        guard let header = request["authorization"], header.hasPrefix("WECHATPAY2-SHA256-RSA2048 ") else { return "Authorization 不存在" }
        var parts: [String: String] = [:]
        for part in header.dropFirst("WECHATPAY2-SHA256-RSA2048 ".count).split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[1].hasPrefix("\""), pair[1].hasSuffix("\"") else { return "Authorization 格式错误" }
            parts[String(pair[0])] = String(pair[1].dropFirst().dropLast())
        }
        guard parts["mchid"] == keys.merchant else { return "商户号不存在" }
        guard parts["serial_no"]?.uppercased() == keys.serial else { return "商户证书序列号有误" }
        guard let stamp = parts["timestamp"], let seconds = Int64(stamp), let nonce = parts["nonce_str"],
            let signature = parts["signature"].flatMap({ Data(base64Encoded: $0) })
        else { return "Authorization 缺少参数" }
        guard abs(surroundings.time.now().milliseconds / 1_000 - seconds) < 300 else { return "Http头Authorization值中的timestamp与发起请求的时间不得超过5分钟" }
        let message = Array("\(request.method)\n\(request.target)\n\(stamp)\n\(nonce)\n".utf8) + request.body + [0x0A]
        return keys.merchantKey.publicKey.verifies(Array(signature), of: message) ? nil : "签名错误"
    }
}
