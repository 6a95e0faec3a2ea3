import Commerce

/// Tries partner and check word with a question about a parcel that nobody has.
struct SFCheck: GatewayCheck {
    let tracker: SFTracker

    func check() async -> GatewayHealth {
        switch await tracker.routes(of: "SF0000000000000", phone: nil) {
        case .refused(let reason): return GatewayHealth(.broken, reason)
        case .later(let reason, _): return GatewayHealth(.doubtful, "not reached, which says nothing of the check word: \(reason)")
        case .object(let answer):
            switch SFTracker.result(answer) {
            case .object: return GatewayHealth(.fine, "partner and check word are accepted")
            case .later(let reason, _): return GatewayHealth(.doubtful, reason)
            case .refused(let reason): return GatewayHealth(.broken, SFCheck.advice(answer["apiResultCode"].text()) + " (\(reason))")
            }
        }
    }

    private static func advice(_ code: String) -> String {
        switch code {
        case "A1001": "something required is missing: look at partner_id"
        case "A1003": "this machine's address is not on SF's list"
        case "A1004": "the partner may not ask for routes: have the interface enabled"
        case "A1006": "the digest is refused: the check word is not this partner's"
        default: "refused"
        }
    }

    func sample(_ word: String, at now: Timestamp) throws(ValidationFailure) -> GatewayCallback {
        guard let token = tracker.account.pushTokens.first else {
            throw ValidationFailure(field: "push_tokens", reason: "is not set, so that no push can be told from a stranger's")
        }
        let nodes = try TrackingSample(word, at: now).nodes
        let number = "SF0000000000000"
        switch tracker.account.pushMode {
        case .json:
            let routes = nodes.map { node in
                JSON.object(JSONObject(SFCheck.members(node, number).map { ($0.0, .string($0.1)) }))
            }
            let body: JSON = ["Body": ["WaybillRoute": .array(routes)]]
            return GatewayCallback(tail: token.revealed, headers: [("content-type", "application/json")], body: body.bytes)
        case .form:
            let elements = nodes.map { node in
                "<WaybillRoute " + SFCheck.members(node, number).map { "\($0.0)=\"\($0.1)\"" }.joined(separator: " ") + "/>"
            }
            let content = #"<Request service="RoutePushService" lang="zh-CN"><Body>\#(elements.joined())</Body></Request>"#
            return GatewayCallback(
                tail: token.revealed, headers: [("content-type", "application/x-www-form-urlencoded")],
                body: FormEscaping.form([("content", content)]))
        }
    }

    private static func members(_ node: TrackingSample.Node, _ number: String) -> [(String, String)] {
        [
            ("id", "sample-\(node.at.milliseconds)"), ("mailno", number), ("acceptTime", node.time), ("acceptAddress", "杭州市"),
            ("remark", node.text), ("opCode", node.isDelivery ? "80" : "31"),
        ]
    }
}
