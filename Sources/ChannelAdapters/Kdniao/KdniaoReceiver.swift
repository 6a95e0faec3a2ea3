import Commerce

/// Takes this platform's pushes: a form with many parcels in it, signed over the decoded `RequestData` and the key.
struct KdniaoReceiver: CallbackReceiver {
    let account: KdniaoAccount

    func verify(_ callback: GatewayCallback, at now: Timestamp) throws(CallbackFault) -> CallbackEvent {
        let fields: PostedFields
        let (data, sign): (String, String)
        do throws(ValidationFailure) {
            fields = try PostedFields(callback.body)
            (data, sign) = (try fields.required("RequestData"), try fields.required("DataSign"))
        } catch {
            throw .malformed(field: error.field, reason: error.reason)
        }
        guard WireDigest.isAny(sign, of: account.appKeys.map { KdniaoAccount.sign(data, key: $0.revealed) }) else {
            throw .forged(reason: "no key fits")
        }
        let type = fields["RequestType"] ?? ""
        guard type == "101" || type == "107" else { throw .malformed(field: "RequestType", reason: "must be 101 or 107") }
        let value: ReportedValue
        do throws(ValidationFailure) { value = try ReportedValue.parse(data.utf8, field: "RequestData") } catch {
            // Genuine and not to be read: kept, so that a person sees it.
            return .keep(WireDigest.eventKey(["unread"], body: callback.body))
        }
        let merchant = value["EBusinessID"].text()
        guard merchant.isEmpty || merchant == account.ebusinessID else { throw .foreign(field: "EBusinessID", value: merchant) }
        let first = value["Data"].json.array?.first.map(ReportedValue.init)
        let named = [first?["ShipperCode"].text() ?? "", first?["LogisticCode"].text() ?? "", value["Count"].text()]
        return .keep(WireDigest.eventKey([type] + named, body: callback.body))
    }

    /// Always status 200: the platform looks for its word in the body.
    func answer(_ verdict: CallbackVerdict, at now: Timestamp) -> CallbackAnswer {
        let (success, reason) =
            switch verdict {
            case .kept, .quarantined: (true, "")
            case .refused: (false, "refused")
            case .unavailable: (false, "come again")
            }
        let text =
            #"{"EBusinessID":"\#(account.ebusinessID)","UpdateTime":"\#(CarrierClock.beijingText(now))","#
            + #""Success":\#(success),"Reason":"\#(reason)"}"#
        return CallbackAnswer(200, contentType: "application/json; charset=utf-8", body: Array(text.utf8))
    }

    func read(_ body: [UInt8]) throws(ValidationFailure) -> [GatewayNews] {
        let data = try PostedFields(body).required("RequestData")
        let value = try ReportedValue.parse(data.utf8, field: "RequestData")
        guard value["Data"].json.array != nil else { throw ValidationFailure(field: "RequestData.Data", reason: "must be an array") }
        var news: [GatewayNews] = []
        for (index, element) in try value["Data"].list(max: ReportLimits.parcels, field: "RequestData.Data").enumerated() {
            let parcel = try KdniaoParcel(element, field: "RequestData.Data[\(index)]")
            news.append(.parcel(parcel.report(account.codes.carrier(of: parcel.code))))
        }
        return news.isEmpty ? [.nothing("a push without parcels")] : news
    }
}
