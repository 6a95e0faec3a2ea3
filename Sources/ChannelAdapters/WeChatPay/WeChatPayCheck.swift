import Commerce
import Foundation

/// Tries every key of an account at the platform's own mirror, where nothing is bought.
struct WeChatPayCheck: GatewayCheck {
    let account: WeChatPayAccount
    let client: WeChatPayClient
    let surroundings: Surroundings

    func check() async -> GatewayHealth {
        if client.ring.beginsRefresh(at: surroundings.time.now()) { await client.fetchCertificates() }
        let now = surroundings.time.now()
        guard let key = client.ring.sealing(at: now) else {
            let reason = client.ring.complaint ?? "none was fetched"
            return GatewayHealth(.broken, "\(reason). \(WeChatPayCheck.advice(reason))")
        }
        let word = surroundings.nonce()
        let sealed: String
        do throws(RSAKeyFault) { sealed = Data(try key.key.encrypt(Array(word.utf8))).base64EncodedString() } catch {
            return GatewayHealth(.broken, "the platform's key \(key.name) \(error.reason)")
        }
        let body = JSON.object(JSONObject([("echo_message", .string(word)), ("encrypted_echo_message", .string(sealed))]))
        switch await client.send(.post, "/v3/security/echo", body, sealed: key) {
        case .done(let json):
            guard json["echo_message"]?.string == word else { return GatewayHealth(.broken, "the platform echoed something else") }
            return fine(key, at: now)
        case .refused(let complaint): return GatewayHealth(.broken, WeChatPayCheck.words(complaint, account))
        case .unsure(let reason, let complaint):
            if let complaint, complaint.status == 401 { return GatewayHealth(.broken, WeChatPayCheck.words(complaint, account)) }
            return GatewayHealth(.broken, "\(reason). \(WeChatPayCheck.advice(reason))")
        case .unsent(let reason):
            return GatewayHealth(.broken, "\(account.url) cannot be reached: \(reason). See whether the network and the endpoint are right.")
        }
    }

    private func fine(_ key: PlatformKey, at now: Timestamp) -> GatewayHealth {
        if let ends = client.ring.ends(at: now), ends - now < .seconds(10 * 86_400) {
            return GatewayHealth(.doubtful, "all keys work; the platform's last certificate ends \(BeijingTime.inBills(ends)) and no newer one is there yet")
        }
        if let complaint = client.ring.complaint { return GatewayHealth(.doubtful, "all keys work; but \(complaint)") }
        guard account.callbackURL != nil else { return GatewayHealth(.doubtful, "all keys work; no address for callbacks is configured") }
        return GatewayHealth(.fine, "signatures and secrets work both ways, under the platform's key \(key.name)")
    }

    private static func words(_ complaint: WeChatPayClient.Complaint, _ account: WeChatPayAccount) -> String {
        switch (complaint.status, complaint.code) {
        case (401, "SIGN_ERROR"):
            let isTime = complaint.message.contains("时间") || complaint.message.lowercased().contains("timestamp")
            return isTime
                ? "\(complaint). The clocks are too far apart: set this machine's by NTP."
                : "\(complaint). merchant_key is not the key of the certificate \(account.serial), or mchid is another's."
        case (401, _): return "\(complaint). Compare mchid and serial with the merchant's console: the certificate may have been replaced."
        case (403, _): return "\(complaint). The merchant may not do this: look at its permissions in the console."
        default: return "\(complaint)"
        }
    }

    /// What to do about a failure that was met before anything was proven.
    static func advice(_ reason: String) -> String {
        if reason.contains("s old") { return "The clocks are too far apart: set this machine's by NTP." }
        if reason.contains("does not open") { return "api_v3_key is not the merchant's: copy it anew from the console." }
        if reason.contains("SIGN_ERROR") {
            return reason.contains("时间")
                ? "The clocks are too far apart: set this machine's by NTP."
                : "merchant_key is not the key of the certificate that serial names, or mchid is another's."
        }
        if reason.contains("no certificate") || reason.contains("RESOURCE_NOT_EXISTS") || reason.contains("403") {
            return "A merchant of the public key has none: download the platform's public key in the console, and set platform_public_key and its id."
        }
        if reason.contains("no key is known") { return "Hand over the platform's public key of that id, or wait for the new certificate." }
        return "Try again; if it stays so, look at the platform's announcements."
    }
}
