import Commerce

/// Tries the key by asking how much of what was bought is left.
struct SeventeenTrackCheck: GatewayCheck {
    let tracker: SeventeenTrackTracker

    func check() async -> GatewayHealth {
        switch await tracker.call("getquota", .array([])) {
        case .refused(let reason): return GatewayHealth(.broken, reason)
        case .later(let reason, _): return GatewayHealth(.doubtful, "not reached, which says nothing of the key: \(reason)")
        case .object(let answer):
            guard answer["code"].whole == 0 else { return GatewayHealth(.broken, SeventeenTrackTracker.words(answer)) }
            guard let left = answer["data"]["quota_remain"].whole else { return GatewayHealth(.fine, "the key is accepted") }
            return GatewayHealth(left > 0 ? .fine : .doubtful, "the key is accepted; \(left) parcels can still be registered")
        }
    }

    func sample(_ word: String, at now: Timestamp) throws(ValidationFailure) -> GatewayCallback {
        let sample = try TrackingSample(word, at: now)
        let events = sample.nodes.map { node in
            let text = node.time.replacing(" ", with: "T") + "+08:00"
            return JSON.object(
                JSONObject([
                    ("time_iso", .string(text)), ("description", .string(node.text)), ("location", "Hangzhou"),
                    ("stage", node.isDelivery ? "Delivered" : "Arrival"),
                    ("sub_status", node.isDelivery ? "Delivered_Other" : "InTransit_Arrival"),
                ]))
        }
        let status: JSON = [
            "status": sample.isDelivered ? "Delivered" : "InTransit",
            "sub_status": sample.isDelivered ? "Delivered_Other" : "InTransit_Arrival",
        ]
        let body: JSON = [
            "event": "TRACKING_UPDATED",
            "data": [
                "number": .string(TrackingSample.number), "carrier": 190_455,
                "track_info": [
                    "latest_status": status,
                    "tracking": ["providers": [["provider": ["key": 190_455], "events": .array(events)]]],
                ],
            ],
        ]
        let bytes = body.bytes
        let sign = SeventeenTrackAccount.sign(bytes, key: tracker.account.keys[0].revealed)
        return GatewayCallback(headers: [("content-type", "application/json"), ("sign", sign)], body: bytes)
    }
}
