import Commerce

/// Tries number and key with a question about a parcel that nobody has.
struct KdniaoCheck: GatewayCheck {
    let tracker: KdniaoTracker

    func check() async -> GatewayHealth {
        guard let carrier = CarrierID("yto") else { return GatewayHealth(.doubtful, "nothing to ask after") }
        let request = KdniaoTracker.request("YTO", TrackedParcel(carrier: carrier, number: "YT0000000000000"))
        switch await tracker.ask("/Ebusiness/EbusinessOrderHandle.aspx", tracker.account.queryType, request) {
        case .refused(let reason): return GatewayHealth(.broken, reason)
        case .later(let reason, _): return GatewayHealth(.doubtful, "not reached, which says nothing of the key: \(reason)")
        case .object(let answer):
            let (reason, isForLater, _) = KdniaoTracker.failure(answer)
            if answer["Success"].isTrue { return GatewayHealth(.fine, "number and key are accepted") }
            switch KdniaoTracker.code(of: answer) {
            case "102": return GatewayHealth(.broken, "the signature is refused: the key is not this user's (\(reason))")
            case "104": return GatewayHealth(.broken, "the user is not known (\(reason))")
            // Some answers have words and no code; these are what a wrong key is told.
            case "" where reason.contains("ID和key") || reason.contains("签名") || reason.contains("非法参数"):
                return GatewayHealth(.broken, "number and key do not belong together (\(reason))")
            default: return GatewayHealth(isForLater ? .doubtful : .fine, "number and key are accepted (\(reason))")
            }
        }
    }

    func sample(_ word: String, at now: Timestamp) throws(ValidationFailure) -> GatewayCallback {
        let sample = try TrackingSample(word, at: now)
        let traces = sample.nodes.reversed().map { node in
            JSON.object(
                JSONObject([
                    ("AcceptTime", .string(node.time)), ("AcceptStation", .string(node.text)), ("Location", "杭州市"),
                    ("Action", node.isDelivery ? "301" : "204"),
                ]))
        }
        let parcel = JSON.object(
            JSONObject([
                ("EBusinessID", .string(tracker.account.ebusinessID)), ("ShipperCode", "ZTO"),
                ("LogisticCode", .string(TrackingSample.number)), ("OrderCode", ""), ("Success", true), ("Reason", ""), ("State", sample.isDelivered ? "3" : "2"),
                ("StateEx", sample.isDelivered ? "301" : "204"), ("Traces", .array(traces)),
            ]))
        let data = JSON.object(
            JSONObject([
                ("EBusinessID", .string(tracker.account.ebusinessID)), ("PushTime", .string(CarrierClock.beijingText(now))), ("Count", "1"),
                ("Data", .array([parcel])),
            ])
        ).text
        let sign = KdniaoAccount.sign(data, key: tracker.account.appKeys[0].revealed)
        return GatewayCallback(
            headers: [("content-type", "application/x-www-form-urlencoded")],
            body: FormEscaping.form([("RequestData", data), ("RequestType", "101"), ("DataSign", sign)]))
    }
}
