package import Commerce

/// Knows the platform's callbacks: signed over their bytes, and sealed with the merchant's APIv3 key within.
struct WeChatPayCallbacks: CallbackReceiver {
    let account: WeChatPayAccount
    let ring: PlatformKeyRing

    func verify(_ callback: GatewayCallback, at now: Timestamp) throws(CallbackFault) -> CallbackEvent {
        guard callback.method == "POST" else { throw .malformed(field: "method", reason: "must be POST") }
        do throws(WeChatPaySignature.Fault) {
            try WeChatPaySignature(callback.headers).verify(callback.body, with: ring, tolerance: account.tolerance, at: now)
        } catch { throw WeChatPayCallbacks.fault(error) }
        let note: WeChatPayNotification
        do throws(ValidationFailure) { note = try WeChatPayNotification(callback.body) } catch {
            throw .malformed(field: error.field, reason: error.reason)
        }
        let content: JSON
        do throws(ValidationFailure) { content = try note.content(account.ciphers) } catch {
            // Genuine, and sealed with a key that is not this account's: another merchant's, or one that was replaced.
            if error.field == "resource.ciphertext" { throw .foreign(field: error.field, value: error.reason) }
            throw .malformed(field: error.field, reason: error.reason)
        }
        try account.claim(content, of: note)
        return .keep(note.id)
    }

    private static func fault(_ fault: WeChatPaySignature.Fault) -> CallbackFault {
        switch fault {
        case .missing(let header): .malformed(field: header, reason: "is missing")
        case .malformed("wechatpay-signature", let reason): .forged(reason: "the signature \(reason)")
        case .malformed(let header, let reason): .malformed(field: header, reason: reason)
        case .probe: .probe
        case .stale(let age): .stale(by: age)
        case .unknownKey(let serial): .unknownKey(serial)
        case .mismatch: .forged(reason: "the signature does not fit the body")
        }
    }

    /// What was sealed: each telling may be sealed anew.
    func essence(of body: [UInt8]) -> [UInt8] {
        do throws(ValidationFailure) {
            let note = try WeChatPayNotification(body)
            return Array("\(note.type)\n".utf8) + (try note.content(account.ciphers)).bytes
        } catch { return body }
    }

    /// What was kept for a person hears the word for success, too: it is durable, and the platform, which would tell
    /// the same again for a day, can do nothing about it.
    func answer(_ verdict: CallbackVerdict, at now: Timestamp) -> CallbackAnswer {
        switch verdict {
        case .kept, .quarantined: CallbackAnswer(204)
        case .refused(.malformed): WeChatPayCallbacks.failure(400, "报文格式错误")
        case .refused(.forged), .refused(.probe), .refused(.stale): WeChatPayCallbacks.failure(401, "验签失败")
        case .refused(.foreign): WeChatPayCallbacks.failure(403, "商户不符")
        case .refused(.unknownKey): WeChatPayCallbacks.failure(503, "证书未就绪")
        case .unavailable: WeChatPayCallbacks.failure(503, "失败")
        }
    }

    private static func failure(_ status: Int, _ words: String) -> CallbackAnswer {
        .json(.object(JSONObject([("code", "FAIL"), ("message", .string(words))])), status: status)
    }

    func read(_ body: [UInt8]) throws(ValidationFailure) -> [GatewayNews] {
        let note = try WeChatPayNotification(body)
        let content = try note.content(account.ciphers)
        switch note.event {
        case .transaction:
            let found = try WeChatPayTransaction(content)
            return [.attempt(number: found.number, account.news(of: found, attempt: GatewayNumber(found.number)?.part))]
        case .refund:
            let found = try WeChatPayRefund(content)
            guard GatewayNumber(found.number) == nil else { return [.refund(number: found.number, found.news)] }
            // Given back by hand in the platform's console; what did not go through changes nothing.
            guard found.status == .success else { return [.nothing("\(note.type) of \(found.number), which is none of ours")] }
            return [.refundByOthers(transaction: found.transaction, reference: found.reference, amount: found.amount)]
        case .echo, .other: return [.nothing(note.type)]
        }
    }
}

extension WeChatPayAccount {
    /// Proves that what a callback holds is meant for this account.
    fileprivate func claim(_ content: JSON, of note: WeChatPayNotification) throws(CallbackFault) {
        func compare(_ name: String, _ known: (String) -> Bool, required: Bool) throws(CallbackFault) {
            guard let value = content[name], !value.isNull else {
                guard required else { return }
                throw .malformed(field: name, reason: "is required")
            }
            guard let text = value.string else { throw .malformed(field: name, reason: "must be a string, got \(value.typeName)") }
            guard known(text) else { throw .foreign(field: name, value: WeChatPayMembers.printable(text, max: 64)) }
        }
        let isMoney = note.event == .transaction || note.event == .refund
        try compare("mchid", { $0 == merchant }, required: isMoney)
        try compare("appid", { apps.values.contains($0) }, required: note.event == .transaction)
        // What cannot be read later is refused now, while the platform can still tell it again.
        do throws(ValidationFailure) {
            switch note.event {
            case .transaction: _ = try WeChatPayTransaction(content)
            case .refund: _ = try WeChatPayRefund(content)
            case .echo, .other: break
            }
        } catch { throw .malformed(field: error.field, reason: error.reason) }
    }
}

/// The envelope of a callback.
package struct WeChatPayNotification: Sendable {
    package let id: String
    package let type: String
    private let resource: JSON

    enum Event: Hashable, Sendable { case transaction, refund, echo, other }

    var event: Event {
        if type.hasPrefix("TRANSACTION.") { return .transaction }
        if type.hasPrefix("REFUND.") { return .refund }
        return type.hasPrefix("SECURITY_ECHO.") ? .echo : .other
    }

    /// Reads any bytes; takes nothing that is not whole.
    package init(_ body: [UInt8]) throws(ValidationFailure) {
        let json: JSON
        do throws(JSONError) { json = try JSON.parse(body, depthMax: 16) } catch {
            throw ValidationFailure(field: "body", reason: error.description)
        }
        let members = try WeChatPayMembers(json)
        id = try members.code("id", max: 200)
        type = try members.code("event_type", max: 64)
        _ = try members.object("resource")
        resource = json["resource"] ?? .null
    }

    /// What is sealed within.
    package func content(_ ciphers: [WeChatPayCipher]) throws(ValidationFailure) -> JSON {
        let text = try WeChatPaySealed.open(try WeChatPayMembers(resource, path: "resource"), ciphers)
        do throws(JSONError) { return try JSON.parse(text, depthMax: 32) } catch {
            throw ValidationFailure(field: "resource", reason: "holds no JSON: \(error)")
        }
    }
}
