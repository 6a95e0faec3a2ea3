package import ChannelAdapters
package import Commerce
package import Store

/// Has parcels followed after they left: subscribes them at services, asks those that are silent, and takes in what they say.
///
/// All of it waits in the store. What is about to be sent is written down before it leaves, so whatever a kill interrupts is
/// found again and is not asked twice in a hurry. A parcel that fails is put off and holds up no other.
package struct ParcelClerk: Sendable {
    let store: Store
    /// Those that follow parcels, the preferred one first.
    let trackers: [any ParcelTracker]
    let policy: TrackingPolicy
    let carrier: @Sendable (String) -> CarrierID?
    let news: @Sendable (ParcelNews) -> Void
    private static let batch = 100

    /// - Parameters:
    ///   - carrier: understands what people write on a parcel, such as "SF" or "顺丰".
    ///   - news: hears of what a log shows; called between transactions, hand over and return.
    package init(
        store: Store, trackers: [any ParcelTracker], policy: TrackingPolicy = .standard, carrier: @escaping @Sendable (String) -> CarrierID?,
        news: @escaping @Sendable (ParcelNews) -> Void = { _ in }
    ) {
        self.store = store
        self.trackers = trackers
        self.policy = policy
        self.carrier = carrier
        self.news = news
    }

    /// Works off all that is due now, each parcel once.
    ///
    /// - Returns: how many parcels were looked at.
    @discardableResult
    package func work(now: Timestamp) async throws(StoreError) -> Int {
        var seen: Set<Int64> = []
        while !Task.isCancelled {
            let due = try await store.read { [seen] reading throws(StoreError) in
                try reading.dueParcels(at: now, limit: ParcelClerk.batch + seen.count).filter { !seen.contains($0.row) }
            }
            if due.isEmpty { break }
            for parcel in due {
                seen.insert(parcel.row)
                try await take(parcel, now)
            }
        }
        return seen.count
    }

    /// Takes in what a service told by itself; repeated, nothing changes.
    ///
    /// - Throws: `.notFound` for a number nobody booked: the report may be ahead of the booking, try again later.
    @discardableResult
    package func hear(_ report: TrackingReport, from account: String) async throws(StoreError) -> [ParcelHearing] {
        let policy = self.policy
        let hearings = try await store.write { writing throws(StoreError) in try writing.hear(report, from: account, policy) }
        tell(hearings)
        return hearings
    }

    func tell(_ hearings: [ParcelHearing]) {
        for hearing in hearings where hearing.isDelivered { news(.delivered(order: hearing.order, hearing.part)) }
    }

    private func take(_ parcel: FollowedParcel, _ now: Timestamp) async throws(StoreError) {
        do throws(StoreError) { try await look(at: parcel, now) } catch {
            // What is wrong with this one parcel is no reason to keep the others waiting.
            guard error.isOfOneParcel else { throw error }
            news(.stuck(order: parcel.order, parcel.part, "\(error)"))
            try await store.write { [again = now + policy.askEvery] writing throws(StoreError) in try writing.lookAgain(at: parcel, again) }
        }
    }

    private func look(at seen: FollowedParcel, _ now: Timestamp) async throws(StoreError) {
        if seen.isOver(now, policy) { return try await store.write { writing throws(StoreError) in try writing.lookAgain(at: seen, nil) } }
        let named: FollowedParcel? = if seen.carrier == nil { try await name(seen, now) } else { seen }
        guard let parcel = named else { return }
        try await haveFollowed(parcel, now)
        try await ask(parcel, now)
        try await plan(parcel, now)
    }

    /// Understands who carries a parcel; nil when its words say nothing, which a person is told.
    private func name(_ parcel: FollowedParcel, _ now: Timestamp) async throws(StoreError) -> FollowedParcel? {
        let (found, again) = (carrier(parcel.named), now + policy.again)
        return try await store.write { writing throws(StoreError) -> FollowedParcel? in
            guard let found else {
                try writing.notice(
                    .unknownCarrier, of: parcel, "\"\(parcel.named)\" is no carrier that is known here; write it on the parcel as its service does",
                    cause: parcel.named)
                try writing.lookAgain(at: parcel, again)
                return nil
            }
            try writing.setCarrier(found, of: parcel)
            try writing.settleNotices(.unknownCarrier, of: parcel, by: "track")
            return try writing.reading.parcels(of: parcel.order).first { $0.row == parcel.row }
        }
    }

    /// Notes a stall, and when the parcel is to be looked at next.
    private func plan(_ parcel: FollowedParcel, _ now: Timestamp) async throws(StoreError) {
        let (policy, accounts) = (self.policy, followers(of: parcel).map(\.id))
        let isStalled = try await store.write { writing throws(StoreError) -> Bool in
            guard let current = try writing.reading.parcels(of: parcel.order).first(where: { $0.row == parcel.row }) else { return false }
            // What was heard meanwhile asked to be looked at at once.
            let stalls = current.hasArrived ? nil : policy.stalls(current.phase, last: current.lastAt, leftAt: current.leftAt)
            var isNews = false
            if let stalls, stalls <= now {
                isNews = try writing.stall(current, since: stalls, "nothing has happened to it since \(current.phase?.rawValue ?? "it left")")
            }
            let watches = try writing.reading.watches(of: current)
            try writing.lookAgain(at: current, current.next(after: now, stalls, watches, accounts, policy))
            return isNews
        }
        if isStalled { news(.stalled(order: parcel.order, parcel.part)) }
    }

    func followers(of parcel: FollowedParcel) -> [any ParcelTracker] {
        guard let carrier = parcel.carrier else { return [] }
        return trackers.filter { $0.follows(carrier) }
    }
}

/// Something about a parcel that a log shows.
package enum ParcelNews: Hashable, Sendable {
    case delivered(order: String, ParcelPart)
    case stalled(order: String, ParcelPart)
    /// A service will not follow it: its words.
    case refused(order: String, ParcelPart, account: String, String)
    /// One that failed, and is looked at again later.
    case stuck(order: String, ParcelPart, String)
}

extension StoreError {
    /// Whether other parcels can go on.
    fileprivate var isOfOneParcel: Bool {
        switch self {
        case .invalid, .notFound, .contradiction, .corrupt, .failed: true
        case .diskFull, .readOnly, .damagedBackup, .alreadyRunning, .newerSchema, .changedMigration, .notDurable, .closed: false
        }
    }
}
