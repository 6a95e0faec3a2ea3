import Commerce

/// Tries key and customer number with a question about a parcel that nobody has.
struct Kuaidi100Check: GatewayCheck {
    let tracker: Kuaidi100Tracker

    func check() async -> GatewayHealth {
        guard let customer = tracker.account.customer else {
            return GatewayHealth(.doubtful, "customer is not set: nothing can be asked, so the key cannot be tried")
        }
        switch await tracker.query("yuantong", "YT0000000000000", phone: nil, customer: customer) {
        case .refused(let reason): return GatewayHealth(.broken, reason)
        case .later(let reason, _): return GatewayHealth(.doubtful, "not reached, which says nothing of the key: \(reason)")
        case .object(let answer):
            let said = Kuaidi100Tracker.words(answer)
            switch answer["returnCode"].text() {
            case "503": return GatewayHealth(.broken, "the signature is refused: key and customer do not belong together (\(said))")
            case "600", "601": return GatewayHealth(.broken, "the key is unknown, or has nothing left to spend (\(said))")
            case "501", "502": return GatewayHealth(.doubtful, "the platform is busy (\(said))")
            case "400": return GatewayHealth(.doubtful, "the account may not ask (\(said))")
            default: return GatewayHealth(.fine, "key and customer are accepted")
            }
        }
    }

    func sample(_ word: String, at now: Timestamp) throws(ValidationFailure) -> GatewayCallback {
        guard let salt = tracker.account.salts.first else {
            throw ValidationFailure(field: "salts", reason: "is not set, so that nothing can be signed")
        }
        let sample = try TrackingSample(word, at: now)
        let nodes = sample.nodes.map { node in
            JSON.object(
                JSONObject([
                    ("ftime", .string(node.time)), ("time", .string(node.time)), ("context", .string(node.text)),
                    ("statusCode", .string(node.isDelivery ? "3" : "0")), ("status", node.isDelivery ? "签收" : "在途"),
                ]))
        }
        let result = JSON.object(
            JSONObject([
                ("com", "zhongtong"), ("nu", .string(TrackingSample.number)), ("state", sample.isDelivered ? "3" : "0"), ("message", "ok"),
                ("ischeck", sample.isDelivered ? "1" : "0"), ("data", .array(nodes)),
            ]))
        let param = JSON.object(
            JSONObject([
                ("status", sample.isDelivered ? "shutdown" : "polling"), ("message", ""), ("autoCheck", "0"), ("comOld", ""), ("comNew", ""),
                ("lastResult", result),
            ])
        ).text
        let sign = Kuaidi100Receiver.sign(param, salt: salt.revealed)
        return GatewayCallback(
            headers: [("content-type", "application/x-www-form-urlencoded")],
            body: FormEscaping.form([("sign", sign), ("param", param)]))
    }
}
