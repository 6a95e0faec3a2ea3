import Commerce

extension SeventeenTrackTracker {
    /// What became of the one item that was sent; some of a call may be taken and others not.
    enum Outcome {
        case accepted(ReportedValue)
        case rejected(Int64, String)
        case later(String, after: Duration?)
        case refused(String)
    }

    /// - Parameter number: the parcel the one item is about; what the answer says of others is not looked at.
    func send(_ method: String, _ items: [JSON], number: String) async -> Outcome {
        switch await call(method, .array(items)) {
        case .later(let reason, let after): return .later(reason, after: after)
        case .refused(let reason): return .refused(reason)
        case .object(let answer):
            let code = answer["code"].whole ?? .min
            guard code == 0 else {
                return code == -18_010_003 ? .later("code \(code)", after: nil) : .refused(SeventeenTrackTracker.words(answer))
            }
            let data = answer["data"]
            func found(_ list: String) throws(ValidationFailure) -> ReportedValue? {
                try data[list].list(max: 40, field: list).first { $0["number"].text(max: 65).lowercased() == number.lowercased() }
            }
            do throws(ValidationFailure) {
                if let item = try found("accepted") { return .accepted(item) }
                guard let item = try found("rejected") else { return .later("the answer does not name the parcel", after: nil) }
                let error = item["error"]
                return .rejected(error["code"].whole ?? 0, "\(error["code"].text()): \(error["message"].text(max: 200))")
            } catch {
                return .later("an answer that cannot be read: \(error)", after: nil)
            }
        }
    }

    func call(_ method: String, _ body: JSON) async -> TrackerExchange.Answer {
        await exchange.post(
            account.endpoint + method, "application/json; charset=utf-8", body.bytes, headers: [("17token", account.keys[0].revealed)])
    }

    static func words(_ answer: ReportedValue) -> String {
        let first = answer["data"]["errors"].json.array?.first.map(ReportedValue.init)
        return "\(first?["code"].text() ?? answer["code"].text()): \((first ?? answer)["message"].text(max: 200))"
    }
}
