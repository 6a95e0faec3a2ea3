package import Commerce

/// What a report changed of one parcel.
package struct ParcelHearing: Hashable, Sendable {
    package let order: String
    package let part: ParcelPart
    /// Where it is now.
    package let phase: ParcelPhase?
    /// Events that were not known before.
    package let events: Int
    /// Whether its order learned by this that it came.
    package let isDelivered: Bool
}

extension Writing {
    /// Takes in what an account says of a parcel, with all that follows from it; said again, nothing changes.
    ///
    /// Every parcel the label is on hears it. The order is told once that a parcel came, at the time its carrier says; that is
    /// never taken back. What happened before the order or long after the parcel is another parcel's of that number, and what
    /// is to happen only in days has not happened; neither is kept.
    ///
    /// - Parameter isPush: whether the service told it by itself, which proves that it follows the parcel.
    /// - Throws: `.notFound` for a number nobody booked (yet): try again later.
    @discardableResult
    package func hear(
        _ report: TrackingReport, from account: String, isPush: Bool = true, _ policy: TrackingPolicy = .standard
    ) throws(StoreError) -> [ParcelHearing] {
        let parcels = try reading.parcels(numbered: report.number, of: report.carrier)
        guard !parcels.isEmpty else {
            throw .notFound("a parcel \(TrackedNumber.plain(report.number)) of \(report.carrier) that was booked here")
        }
        var hearings: [ParcelHearing] = []
        for parcel in parcels { hearings.append(try hear(report, from: account, isPush: isPush, of: parcel, policy)) }
        return hearings
    }

    private func hear(
        _ report: TrackingReport, from account: String, isPush: Bool, of parcel: FollowedParcel, _ policy: TrackingPolicy
    ) throws(StoreError) -> ParcelHearing {
        let known = try reading.nodes(of: parcel.row)
        var parcel = parcel
        if parcel.carrier == nil {
            try setCarrier(report.carrier, of: parcel)
            try settleNotices(.unknownCarrier, of: parcel, by: "track")
            parcel = try reread(parcel)
        }
        let new = try keep(report, from: account, of: parcel, known.count, policy)
        let (before, track) = (ParcelTrack(known), ParcelTrack(known + new))
        try save(track, of: parcel)
        var isSeen = before.entries.map(\.event) != track.entries.map(\.event)
        if let at = report.estimate {
            let word = CarriersWord(at: at, asOf: report.events.map(\.at).max() ?? parcel.leftAt, by: account)
            if word.outdates(parcel.carriersWord) {
                try save(word, of: parcel)
                isSeen = true
            }
        }
        let moved = before.lastAt != track.lastAt
        if moved, parcel.stalledAt != nil { try unstall(parcel) }
        try tellPeople(track, of: parcel)
        try settle(report, from: account, isPush: isPush, of: parcel, track, policy)
        if isSeen { try showAnew(parcel) }
        if isSeen || parcel.lookAt != nil { try lookAgain(at: parcel, desk.surroundings.time.now()) }
        let isDelivered = try tellOrder(track, of: parcel, by: account)
        return ParcelHearing(order: parcel.order, part: parcel.part, phase: track.phase, events: new.count, isDelivered: isDelivered)
    }

    private func reread(_ parcel: FollowedParcel) throws(StoreError) -> FollowedParcel {
        guard let found = try reading.parcel(parcel.row) else { throw .corrupt("a parcel of order \(parcel.order) is gone") }
        return found
    }

    /// The order hears that a parcel came, unless anybody told it before; a parcel sent again has no such fact.
    private func tellOrder(_ track: ParcelTrack, of parcel: FollowedParcel, by account: String) throws(StoreError) -> Bool {
        guard let at = track.deliveredAt, case .parcel(let id) = parcel.part else { return false }
        let state = try reading.requireOrder(parcel.order).state
        guard let held = state.parcels.first(where: { $0.parcel.id == id }), held.deliveredAt == nil else { return false }
        try tell(.delivered(parcel: id), of: parcel.order, at: at, by: account, judged: false)
        return true
    }

    /// What a person must know of it, and what has settled itself.
    private func tellPeople(_ track: ParcelTrack, of parcel: FollowedParcel) throws(StoreError) {
        if let trouble = track.trouble {
            try notice(.trouble, of: parcel, trouble.text, cause: "\(trouble.at.milliseconds)")
        } else {
            try settleNotices(.trouble, of: parcel, by: "track")
        }
        guard let turned = track.turnedBackAt else { return }
        let wasThere = track.deliveredAt.map { $0 <= turned } ?? false
        let turn = track.returnedAt == nil ? "is on its way back" : "came back"
        let detail = wasThere ? "\(turn) after it had been delivered; the order still counts it as delivered" : turn
        try notice(.returned, of: parcel, detail, cause: wasThere ? "delivered" : "underway")
    }

    /// What becomes of the account's own following.
    private func settle(
        _ report: TrackingReport, from account: String, isPush: Bool, of parcel: FollowedParcel, _ track: ParcelTrack, _ policy: TrackingPolicy
    ) throws(StoreError) {
        let now = desk.surroundings.time.now()
        let isFormer = parcel.carrier != report.carrier
        try changeWatch(of: parcel, at: account) { watch in
            watch.heardAt = now
            // A service that corrected the carrier gives the old one up as well; that says nothing of the new one.
            if isFormer { return }
            if isPush, watch.state != .ended { (watch.state, watch.told, watch.tries, watch.dueAt) = (.taken, nil, 0, nil) }
            switch report.watch {
            case .goesOn, .otherCarrier: break
            case .ended where track.phase?.isAtAnEnd == true:
                if watch.state == .taken { watch.state = .ended }
            case .ended: watch.giveUp("it follows the parcel no more", until: now + policy.again)
            case .gaveUp(let words): watch.giveUp(words, until: now + policy.again)
            }
        }
        if case .otherCarrier(let other) = report.watch, !isFormer { try takeOver(other, of: parcel, by: account) }
    }

    /// Believes a service that another carrier has a parcel, once for each carrier.
    private func takeOver(_ other: CarrierID, of parcel: FollowedParcel, by account: String) throws(StoreError) {
        guard other != parcel.carrier else { return }
        let was = parcel.carrier?.text ?? parcel.named
        guard !parcel.former.contains(other) else {
            try notice(.carrier, of: parcel, "\(account) says it is with \(other), others say with \(was); find out who has it", cause: "\(was)-\(other)")
            return
        }
        try setCarrier(other, of: parcel)
        try notice(.carrier, of: parcel, "it is with \(other) and not with \(was), says \(account); it is followed there now", cause: "\(was)-\(other)")
        // Whoever found it out goes on by himself; what others follow under the old name they are asked to follow anew.
        for watch in try reading.watches(of: parcel) where watch.account != account {
            try changeWatch(of: parcel, at: watch.account) { $0 = ParcelWatch(account: watch.account) }
        }
    }
}

extension ParcelWatch {
    fileprivate mutating func giveUp(_ words: String, until due: Timestamp) {
        // One that is only asked goes on being asked.
        guard state == .taken || state == .later else { return }
        (state, told, dueAt) = (.later, words, due)
        tries += 1
    }
}
