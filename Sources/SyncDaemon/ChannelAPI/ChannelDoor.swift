import Commerce
import Crypto
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Lets a channel in at its own address, by its signature over the raw bytes.
///
/// Standard Webhooks: HMAC-SHA256 of `id.timestamp.payload`, several signatures while
/// keys rotate. A request without a body signs its method and target instead. All
/// refusals look and cost the same, whether the channel exists or not.
struct ChannelDoor: Sendable {
    let keyring: any ChannelKeyring
    let time: any TimeSource

    static let window: Int64 = 300
    private static let signaturesMax = 8
    /// Signed against where no channel is, so that not existing takes as long as being wrong.
    private static let nobodysKeys: [[UInt8]] = [[UInt8](repeating: 0x5A, count: 32)]

    /// Refuses what cannot be right whatever the keys are, before the body is read.
    func checkForm(of request: Request) throws(Problem) {
        guard let id = request.headers[.webhookID], (1...256).contains(id.utf8.count),
            id.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            let stamp = request.headers[.webhookTimestamp], stamp.utf8.count <= 12, let seconds = Int64(stamp),
            abs(seconds - time.now().milliseconds / 1_000) <= ChannelDoor.window,
            let signature = request.headers[.webhookSignature], signature.utf8.count <= 2_048
        else { throw ChannelDoor.refusal }
    }

    func identify(_ request: Request, _ visit: Visit, body: [UInt8]) async throws -> Principal {
        let name = visit.parameters.get("id") ?? ""
        let channel = ChannelID(name)
        let known = channel == nil ? nil : try await keyring.keys(of: name)
        let verified = verify(request, body: body, keys: known ?? ChannelDoor.nobodysKeys)
        guard verified, known != nil, let channel else { throw ChannelDoor.refusal }
        return Principal(identity: .channel(channel), scope: nil)
    }

    private func verify(_ request: Request, body: [UInt8], keys: [[UInt8]]) -> Bool {
        var message = Array("\(request.headers[.webhookID] ?? "").\(request.headers[.webhookTimestamp] ?? "").".utf8)
        if body.isEmpty {
            message.append(contentsOf: "\(request.method.rawValue) \(request.head.path ?? "/")".utf8)
        } else {
            message.append(contentsOf: body)
        }
        let sent = (request.headers[.webhookSignature] ?? "").split(separator: " ").prefix(ChannelDoor.signaturesMax)
            .filter { $0.hasPrefix("v1,") }.compactMap { Base64.decode(String($0.dropFirst(3))) }
        var verified = false
        for key in keys {
            let code = Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
            // No early way out: how many keys there are and which one fits shall not show in the time.
            for signature in sent where ConstantTime.equal(signature, code) { verified = true }
        }
        return verified
    }

    private static var refusal: Problem {
        var problem = Problem(
            .unauthorized, "signature",
            "The channel is unknown here, or the signature is missing, wrong or older than \(window) seconds.",
            next: "check the channel's secret and both clocks")
        problem.headers[.wwwAuthenticate] = "Webhook-Signature"
        problem.closesConnection = true
        return problem
    }
}
