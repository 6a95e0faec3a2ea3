import Commerce

/// Subscribes to parcels at this platform, and asks after them.
struct Kuaidi100Tracker: ParcelTracker {
    let account: Kuaidi100Account
    let exchange: TrackerExchange
    let time: any TimeSource
    /// Parcels whose subscription ended lately.
    let ended: RecentParcels
    private let asked: RecentParcels

    init(account: Kuaidi100Account, exchange: TrackerExchange, time: any TimeSource, ended: RecentParcels) {
        self.account = account
        self.exchange = exchange
        self.time = time
        self.ended = ended
        asked = RecentParcels(wait: account.queryInterval)
    }

    var id: String { account.id }

    func follows(_ carrier: CarrierID) -> Bool { account.codes.code(of: carrier) != nil }

    func subscribe(_ parcel: TrackedParcel) async -> Subscription {
        guard let code = account.codes.code(of: parcel.carrier) else { return .refused("carrier: \(parcel.carrier) has no code here") }
        guard let callbackURL = account.callbackURL, let salt = account.salts.first else { return .asksOnly }
        if let wait = ended.remaining(Kuaidi100Tracker.name(code, parcel.number), at: time.now()) {
            return .later("its last subscription ended less than half an hour ago", after: wait)
        }
        var parameters: [(String, JSON)] = [
            ("callbackurl", .string(callbackURL)), ("salt", .string(salt.revealed)), ("resultv2", "4"), ("autoCom", "1"),
            ("interCom", account.isInternational ? "1" : "0"),
        ]
        if let phone = parcel.phoneTail { parameters.append(("phone", .string(phone))) }
        let param = JSON.object(
            JSONObject([
                ("company", .string(code)), ("number", .string(parcel.number)), ("key", .string(account.key.revealed)),
                ("parameters", .object(JSONObject(parameters))),
            ]))
        switch await exchange.form(account.endpoint + "/poll", [("schema", "json"), ("param", param.text)]) {
        case .later(let reason, let after): return .later(reason, after: after)
        case .refused(let reason): return .refused(reason)
        case .object(let answer):
            let said = Kuaidi100Tracker.words(answer)
            switch answer["returnCode"].text() {
            // 501: it is subscribed to already.
            case "200", "501": return .taken
            case "500": return .later(said, after: nil)
            case "600", "601", "700", "701", "702": return .refused(said)
            default: return answer["result"].isTrue ? .taken : .refused(said)
            }
        }
    }

    func track(_ parcel: TrackedParcel) async -> TrackingAnswer {
        guard let code = account.codes.code(of: parcel.carrier) else { return .refused("carrier: \(parcel.carrier) has no code here") }
        guard let customer = account.customer else { return .refused("customer: is not set, so that nothing can be asked") }
        let now = time.now()
        if let wait = asked.remaining(parcel.number, at: now) { return .later("it was asked after lately", after: wait) }
        switch await query(code, parcel.number, phone: parcel.phoneTail, customer: customer) {
        case .later(let reason, let after): return .later(reason, after: after)
        case .refused(let reason): return .refused(reason)
        case .object(let answer):
            // What was not answered may be asked again at once; what was, whatever it said, may not.
            asked.note(parcel.number, at: now)
            return read(answer, of: parcel)
        }
    }

    static func name(_ code: String, _ number: String) -> String { "\(code)/\(number)".lowercased() }

    /// Upper-case hexadecimal MD5 of the question as sent, the key and the customer number, one after the other.
    static func sign(_ param: String, key: String, customer: String) -> String {
        WireDigest.hex(WireDigest.md5(param + key + customer)).uppercased()
    }

    func query(_ code: String, _ number: String, phone: String?, customer: String) async -> TrackerExchange.Answer {
        let param = JSON.object(
            JSONObject([
                ("com", .string(code)), ("num", .string(number)), ("phone", .string(phone ?? "")), ("resultv2", "4"), ("show", "0"),
                ("order", "desc"),
            ])
        ).text
        let sign = Kuaidi100Tracker.sign(param, key: account.key.revealed, customer: customer)
        return await exchange.form(account.endpoint + "/poll/query.do", [("customer", customer), ("sign", sign), ("param", param)])
    }

    private func read(_ answer: ReportedValue, of parcel: TrackedParcel) -> TrackingAnswer {
        guard answer["message"].text() == "ok" || answer["data"].json.array != nil else {
            let said = Kuaidi100Tracker.words(answer)
            switch answer["returnCode"].text() {
            case "500": return .nothing
            case "501", "502": return .later(said, after: nil)
            default: return .refused(said)
            }
        }
        do throws(ValidationFailure) {
            let snapshot = try Kuaidi100Snapshot(answer, field: "answer")
            guard snapshot.number.lowercased() == parcel.number.lowercased() else { return .later("the answer is about another parcel", after: nil) }
            if snapshot.events.isEmpty { return .nothing }
            return .report(
                // An answer says nothing of a subscription, so the watch goes on whatever the state.
                TrackingReport(
                    carrier: parcel.carrier, number: parcel.number, events: snapshot.events, estimate: snapshot.estimate))
        } catch {
            return .later("an answer that cannot be read: \(error)", after: nil)
        }
    }

    /// Its own words for a failure; it repeats nothing of ours in them.
    static func words(_ answer: ReportedValue) -> String {
        "\(answer["returnCode"].text()): \(answer["message"].text(max: 200))"
    }
}
