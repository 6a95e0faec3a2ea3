import Commerce

/// Asks SF after its own parcels.
struct SFTracker: ParcelTracker {
    let account: SFAccount
    let exchange: TrackerExchange
    let surroundings: Surroundings
    private let asked: RecentParcels

    static let carrier: CarrierID = {
        guard let id = CarrierID("sf") else { preconditionFailure("sf names a carrier") }
        return id
    }()

    init(account: SFAccount, exchange: TrackerExchange, surroundings: Surroundings) {
        self.account = account
        self.exchange = exchange
        self.surroundings = surroundings
        asked = RecentParcels(wait: account.queryInterval)
    }

    var id: String { account.id }

    func follows(_ carrier: CarrierID) -> Bool { carrier == SFTracker.carrier || carrier.text == "sf-freight" }

    /// What SF pushes was agreed with it for the account as a whole; no parcel is subscribed to by itself.
    func subscribe(_ parcel: TrackedParcel) async -> Subscription {
        guard follows(parcel.carrier) else { return .refused("carrier: SF follows its own parcels only") }
        return account.pushesAll ? .taken : .asksOnly
    }

    func track(_ parcel: TrackedParcel) async -> TrackingAnswer {
        guard follows(parcel.carrier) else { return .refused("carrier: SF follows its own parcels only") }
        let now = surroundings.time.now()
        if let wait = asked.remaining(parcel.number, at: now) { return .later("it was asked after lately", after: wait) }
        switch await routes(of: parcel.number, phone: parcel.phoneTail) {
        case .later(let reason, let after): return .later(reason, after: after)
        case .refused(let reason): return .refused(reason)
        case .object(let answer):
            asked.note(parcel.number, at: now)
            switch SFTracker.result(answer) {
            case .later(let reason, let after): return .later(reason, after: after)
            case .refused(let reason): return .refused(reason)
            case .object(let data): return SFTracker.read(data, of: parcel)
            }
        }
    }

    func routes(of number: String, phone: String?) async -> TrackerExchange.Answer {
        var message: [(String, JSON)] = [
            ("language", .string(account.language)), ("trackingType", "1"), ("trackingNumber", .array([.string(number)])),
            ("methodType", "1"),
        ]
        if let phone { message.append(("checkPhoneNo", .string(phone))) }
        let text = JSON.object(JSONObject(message)).text
        let timestamp = String(surroundings.time.now().milliseconds)
        return await exchange.form(
            account.endpoint,
            [
                ("partnerID", account.partnerID), ("requestID", requestID()), ("serviceCode", "EXP_RECE_SEARCH_ROUTES"),
                ("timestamp", timestamp), ("msgDigest", SFAccount.digest(text, timestamp, checkword: account.checkword.revealed)),
                ("msgData", text),
            ])
    }

    /// A UUID of version 4.
    private func requestID() -> String {
        let (high, low) = (surroundings.random.next(), surroundings.random.next())
        var bytes = (0..<8).map { UInt8(truncatingIfNeeded: high >> (56 - 8 * $0)) }
        bytes += (0..<8).map { UInt8(truncatingIfNeeded: low >> (56 - 8 * $0)) }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let hex = Array(WireDigest.hex(bytes))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(hex[$0]) }.joined(separator: "-")
    }

    /// Unwraps an answer: the platform's own code, and a text of JSON with the service's inside.
    static func result(_ answer: ReportedValue) -> TrackerExchange.Answer {
        let code = answer["apiResultCode"].text()
        let said = "\(code): \(answer["apiErrorMsg"].text(max: 200))"
        switch code {
        case "A1000": break
        // Too old a question, too many of them, and the platform's own troubles.
        case "A1002", "A1005", "A1007", "A1009", "A1099": return .later(said, after: nil)
        default: return .refused(said)
        }
        do throws(ValidationFailure) {
            let data = answer["apiResultData"]
            if data.json.object != nil { return .object(data) }
            return .object(try ReportedValue.parse((data.json.string ?? "").utf8, field: "apiResultData"))
        } catch {
            return .later("an answer that cannot be read: \(error)", after: nil)
        }
    }

    static func read(_ data: ReportedValue, of parcel: TrackedParcel) -> TrackingAnswer {
        guard data["success"].isTrue else { return .refused("\(data["errorCode"].text()): \(data["errorMsg"].text(max: 200))") }
        do throws(ValidationFailure) {
            var routes: [SFRoute] = []
            for (index, response) in try data["msgData"]["routeResps"].list(max: ReportLimits.parcels, field: "routeResps").enumerated()
            where response["mailNo"].text(max: 65).lowercased() == parcel.number.lowercased() {
                for (place, node) in try response["routes"].list(max: ReportLimits.events, field: "routes").enumerated() {
                    routes.append(
                        try SFRoute(number: parcel.number, field: "routeResps[\(index)].routes[\(place)]") { name, max in
                            node[name].text(max: max)
                        })
                }
            }
            guard !routes.isEmpty else { return .nothing }
            return .report(TrackingReport(carrier: parcel.carrier, number: parcel.number, events: routes.map(\.event)))
        } catch {
            return .later("an answer that cannot be read: \(error)", after: nil)
        }
    }
}
