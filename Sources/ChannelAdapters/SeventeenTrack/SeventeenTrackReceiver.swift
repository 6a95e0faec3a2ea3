import Commerce

/// Takes this platform's webhooks, signed over the bytes of the body.
struct SeventeenTrackReceiver: CallbackReceiver {
    let account: SeventeenTrackAccount

    func verify(_ callback: GatewayCallback, at now: Timestamp) throws(CallbackFault) -> CallbackEvent {
        guard !callback.body.isEmpty else { throw .malformed(field: "body", reason: "is required") }
        let given = callback.headers.filter { $0.name == "sign" }
        guard given.count == 1, let sign = given.first?.value, !sign.isEmpty else {
            throw .malformed(field: "sign", reason: given.isEmpty ? "is required" : "must come once")
        }
        let own = account.keys.map { SeventeenTrackAccount.sign(callback.body, key: $0.revealed) }
        guard WireDigest.isAny(sign.lowercased(), of: own) else { throw .forged(reason: "no key fits") }
        do throws(ValidationFailure) {
            let value = try ReportedValue.parse(callback.body, field: "body")
            let parcel = value["data"]
            return .keep(
                WireDigest.eventKey(
                    [value["event"].text(), parcel["carrier"].text(), parcel["number"].text()], body: callback.body))
        } catch {
            return .keep(WireDigest.eventKey(["unread"], body: callback.body))
        }
    }

    func answer(_ verdict: CallbackVerdict, at now: Timestamp) -> CallbackAnswer {
        switch verdict {
        case .kept, .quarantined: .text("ok")
        case .refused(let fault): .text("refused", status: fault.isForeignHand ? 401 : 400)
        case .unavailable: .text("come again", status: 503)
        }
    }

    func read(_ body: [UInt8]) throws(ValidationFailure) -> [GatewayNews] {
        let value = try ReportedValue.parse(body, field: "body")
        switch value["event"].text() {
        case "TRACKING_UPDATED": return [.parcel(try SeventeenTrackParcel(value["data"], field: "data").report(account.codes))]
        case "TRACKING_STOPPED":
            let parcel = try SeventeenTrackParcel(value["data"], field: "data")
            let isDone = parcel.status == "Delivered" || parcel.events.contains { $0.phase == .delivered || $0.phase == .returned }
            return [.parcel(parcel.report(account.codes, watch: isDone ? .ended : .gaveUp("TRACKING_STOPPED")))]
        case let event: return [.nothing("event \(event)")]
        }
    }
}
