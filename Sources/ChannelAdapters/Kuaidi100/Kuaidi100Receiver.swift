import Commerce

/// Takes this platform's pushes: a form with `param`, signed over its decoded text and a salt.
struct Kuaidi100Receiver: CallbackReceiver {
    let account: Kuaidi100Account
    let ended: RecentParcels

    /// Upper-case hexadecimal MD5 of `param` and the salt, one after the other.
    static func sign(_ param: String, salt: String) -> String { WireDigest.hex(WireDigest.md5(param + salt)).uppercased() }

    func verify(_ callback: GatewayCallback, at now: Timestamp) throws(CallbackFault) -> CallbackEvent {
        let (param, sign): (String, String?)
        do throws(ValidationFailure) {
            let fields = try PostedFields(callback.body)
            (param, sign) = (try fields.required("param"), fields["sign"])
        } catch {
            throw .malformed(field: error.field, reason: error.reason)
        }
        guard let sign, !sign.isEmpty else { throw .forged(reason: "it is not signed: its subscription gave no salt") }
        guard WireDigest.isAny(sign, of: account.salts.map { Kuaidi100Receiver.sign(param, salt: $0.revealed) }) else {
            throw .forged(reason: "no salt fits")
        }
        do throws(ValidationFailure) {
            let push = try Kuaidi100Push(param: param, codes: account.codes)
            if push.status == "abort" || push.status == "shutdown" {
                ended.note(Kuaidi100Tracker.name(push.parcel.code, push.parcel.number), at: now)
            }
            return .keep(WireDigest.eventKey([push.parcel.code, push.parcel.number, push.status], body: callback.body))
        } catch {
            // Genuine and not to be read: kept, so that a person sees it.
            return .keep(WireDigest.eventKey(["unread"], body: callback.body))
        }
    }

    func answer(_ verdict: CallbackVerdict, at now: Timestamp) -> CallbackAnswer {
        switch verdict {
        case .kept, .quarantined: reply(200, #"{"result":true,"returnCode":"200","message":"成功"}"#)
        case .refused(let fault): reply(fault.isForeignHand ? 401 : 400, #"{"result":false,"returnCode":"500","message":"失败"}"#)
        case .unavailable: reply(503, #"{"result":false,"returnCode":"500","message":"失败"}"#)
        }
    }

    private func reply(_ status: Int, _ text: String) -> CallbackAnswer {
        CallbackAnswer(status, contentType: "application/json; charset=utf-8", body: Array(text.utf8))
    }

    func read(_ body: [UInt8]) throws(ValidationFailure) -> [GatewayNews] {
        let param = try PostedFields(body).required("param")
        return try Kuaidi100Push(param: param, codes: account.codes).reports.map(GatewayNews.parcel)
    }
}
