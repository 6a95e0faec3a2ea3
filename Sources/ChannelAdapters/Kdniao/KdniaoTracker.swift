import Commerce

/// Subscribes to parcels at this platform, and asks after them.
struct KdniaoTracker: ParcelTracker {
    let account: KdniaoAccount
    let exchange: TrackerExchange
    let time: any TimeSource
    private let asked: RecentParcels
    private static let sf = CarrierTable.rows.filter(\.asksPhone).map(\.id)

    init(account: KdniaoAccount, exchange: TrackerExchange, time: any TimeSource) {
        self.account = account
        self.exchange = exchange
        self.time = time
        asked = RecentParcels(wait: account.queryInterval)
    }

    var id: String { account.id }

    func follows(_ carrier: CarrierID) -> Bool { account.codes.code(of: carrier) != nil }

    func subscribe(_ parcel: TrackedParcel) async -> Subscription {
        guard let code = account.codes.code(of: parcel.carrier) else { return .refused("carrier: \(parcel.carrier) has no code here") }
        // Where it pushes to is said at its console; if we cannot be reached, nothing is to be pushed.
        guard account.isReached else { return .asksOnly }
        let request = KdniaoTracker.request(code, parcel)
        switch await ask("/api/dist", account.subscribeType, request) {
        case .later(let reason, let after): return .later(reason, after: after)
        case .refused(let reason): return .refused(reason)
        case .object(let answer):
            if answer["Success"].isTrue { return .taken }
            let (reason, isForLater, wait) = KdniaoTracker.failure(answer)
            return isForLater ? .later(reason, after: wait) : .refused(reason)
        }
    }

    func track(_ parcel: TrackedParcel) async -> TrackingAnswer {
        guard let code = account.codes.code(of: parcel.carrier) else { return .refused("carrier: \(parcel.carrier) has no code here") }
        let now = time.now()
        if let wait = asked.remaining(parcel.number, at: now) { return .later("it was asked after lately", after: wait) }
        switch await ask("/Ebusiness/EbusinessOrderHandle.aspx", account.queryType, KdniaoTracker.request(code, parcel)) {
        case .later(let reason, let after): return .later(reason, after: after)
        case .refused(let reason): return .refused(reason)
        case .object(let answer):
            asked.note(parcel.number, at: now)
            return read(answer, of: parcel)
        }
    }

    func ask(_ path: String, _ type: String, _ requestData: String) async -> TrackerExchange.Answer {
        // The signature is escaped as any other field; its `=` and `+` would be lost otherwise.
        await exchange.form(
            account.endpoint + path,
            [
                ("RequestData", requestData), ("EBusinessID", account.ebusinessID), ("RequestType", type),
                ("DataSign", KdniaoAccount.sign(requestData, key: account.appKeys[0].revealed)), ("DataType", "2"),
            ])
    }

    /// To other carriers `CustomerName` is a merchant's name there, so that only those who ask for a phone get one.
    static func request(_ code: String, _ parcel: TrackedParcel) -> String {
        var members: [(String, JSON)] = [
            ("ShipperCode", .string(code)), ("LogisticCode", .string(parcel.number)), ("OrderCode", ""),
        ]
        if let phone = parcel.phoneTail, sf.contains(parcel.carrier) { members.append(("CustomerName", .string(phone))) }
        return JSON.object(JSONObject(members)).text
    }

    private func read(_ answer: ReportedValue, of parcel: TrackedParcel) -> TrackingAnswer {
        guard answer["Success"].isTrue else {
            let (reason, isForLater, wait) = KdniaoTracker.failure(answer)
            return isForLater ? .later(reason, after: wait) : .refused(reason)
        }
        do throws(ValidationFailure) {
            let told = try KdniaoParcel(answer, field: "answer")
            guard told.number.lowercased() == parcel.number.lowercased() else {
                return .later("the answer is about another parcel", after: nil)
            }
            if told.events.isEmpty { return .nothing }
            return .report(
                TrackingReport(carrier: parcel.carrier, number: parcel.number, events: told.events, estimate: told.estimate))
        } catch {
            return .later("an answer that cannot be read: \(error)", after: nil)
        }
    }

    /// Why there was no success, and whether the same may succeed later.
    ///
    /// 405 is the limit of a day; 105 is the platform's own trouble. All others are for a person.
    static func failure(_ answer: ReportedValue) -> (reason: String, isForLater: Bool, wait: Duration?) {
        let code = code(of: answer)
        let reason = "\(code): \(answer["Reason"].text(max: 200))"
        switch code {
        case "405": return (reason, true, .seconds(3_600))
        case "105": return (reason, true, nil)
        default: return (reason, false, nil)
        }
    }

    static func code(of answer: ReportedValue) -> String {
        let code = answer["ResultCode"].text()
        return code.isEmpty ? answer["Code"].text() : code
    }
}
