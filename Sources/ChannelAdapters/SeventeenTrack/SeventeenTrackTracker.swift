import Commerce

/// Registers parcels at this platform, and asks after them.
///
/// A parcel is its number and its carrier together: the same number may be registered with two carriers.
struct SeventeenTrackTracker: ParcelTracker {
    let account: SeventeenTrackAccount
    let exchange: TrackerExchange

    /// Why the platform did not take an item, by its published codes.
    enum Refusal {
        static let registered: Int64 = -18_019_901
        static let notRegistered: Int64 = -18_019_902
        static let nothingYet: Int64 = -18_019_909
        /// Of a day, and of what was bought.
        static let limits: Set<Int64> = [-18_019_907, -18_019_908]
        static let keys: Set<Int64> = [-18_010_001, -18_010_002, -18_010_004, -18_010_005]
    }

    var id: String { account.id }

    func follows(_ carrier: CarrierID) -> Bool { number(of: carrier) != nil }

    private func number(of carrier: CarrierID) -> Int64? { account.codes.code(of: carrier).flatMap { Int64($0) } }

    func subscribe(_ parcel: TrackedParcel) async -> Subscription {
        guard let carrier = number(of: parcel.carrier) else { return .refused("carrier: \(parcel.carrier) has no number here") }
        switch await send("register", [item(parcel, carrier)], number: parcel.number) {
        case .later(let reason, let after): return .later(reason, after: after)
        case .refused(let reason): return .refused(reason)
        case .rejected(let code, let words):
            if code == Refusal.registered { return account.isReached ? .taken : .asksOnly }
            if Refusal.limits.contains(code) { return .later(words, after: .seconds(3_600)) }
            return .refused(words)
        case .accepted(let answer):
            if let other = answer["carrier"].whole, other != 0, other != carrier {
                return await change(parcel, from: other, to: carrier)
            }
            return account.isReached ? .taken : .asksOnly
        }
    }

    /// The platform thought the number another carrier's; we know whom it was given to.
    private func change(_ parcel: TrackedParcel, from old: Int64, to new: Int64) async -> Subscription {
        let item: JSON = ["number": .string(parcel.number), "carrier_old": .integer(old), "carrier_new": .integer(new)]
        switch await send("changecarrier", [item], number: parcel.number) {
        case .accepted: return account.isReached ? .taken : .asksOnly
        case .later(let reason, let after): return .later(reason, after: after)
        case .rejected(_, let words): return .refused(words)
        case .refused(let reason): return .refused(reason)
        }
    }

    func track(_ parcel: TrackedParcel) async -> TrackingAnswer {
        guard let carrier = number(of: parcel.carrier) else { return .refused("carrier: \(parcel.carrier) has no number here") }
        let item: JSON = ["number": .string(parcel.number), "carrier": .integer(carrier)]
        switch await send("gettrackinfo", [item], number: parcel.number) {
        case .later(let reason, let after): return .later(reason, after: after)
        case .refused(let reason): return .refused(reason)
        case .rejected(Refusal.nothingYet, _): return .nothing
        case .rejected(Refusal.notRegistered, let words):
            // Registering has it looked for; there is something to ask after only later.
            switch await subscribe(parcel) {
            case .taken, .asksOnly: return .nothing
            case .refused(let reason): return .refused(reason)
            case .later(let reason, let after): return .later("\(words); \(reason)", after: after)
            }
        case .rejected(let code, let words):
            return Refusal.limits.contains(code) ? .later(words, after: .seconds(3_600)) : .refused(words)
        case .accepted(let answer):
            do throws(ValidationFailure) {
                let told = try SeventeenTrackParcel(answer, field: "accepted")
                guard told.carrier == carrier || told.carrier == 0 else {
                    return .later("the answer is about another carrier's parcel", after: nil)
                }
                if told.events.isEmpty { return .nothing }
                return .report(
                    TrackingReport(carrier: parcel.carrier, number: parcel.number, events: told.events, estimate: told.estimate))
            } catch {
                return .later("an answer that cannot be read: \(error)", after: nil)
            }
        }
    }

    private func item(_ parcel: TrackedParcel, _ carrier: Int64) -> JSON {
        var members: [(String, JSON)] = [
            ("number", .string(parcel.number)), ("carrier", .integer(carrier)), ("auto_detection", false),
        ]
        if let phone = parcel.phoneTail { members.append(("param", .string(phone))) }
        return .object(JSONObject(members))
    }
}
