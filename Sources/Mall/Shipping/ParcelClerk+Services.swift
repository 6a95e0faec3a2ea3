import ChannelAdapters
import Commerce
import Store

extension ParcelClerk {
    /// Has as many services follow a parcel as are to, in their order of preference.
    ///
    /// One that refuses is passed over at once, one that only does not answer after some tries; both are tried again later.
    func haveFollowed(_ parcel: FollowedParcel, _ now: Timestamp) async throws(StoreError) {
        // One that came before anybody followed it is left alone.
        var missing = parcel.hasArrived ? 0 : policy.services
        for tracker in followers(of: parcel) where missing > 0 {
            let (watch, isFollowed) = try await store.read { reading throws(StoreError) in
                (
                    try reading.watches(of: parcel).first { $0.account == tracker.id } ?? ParcelWatch(account: tracker.id),
                    try reading.isFollowed(parcel, at: tracker.id)
                )
            }
            if watch.isFollowing {
                missing -= 1
                continue
            }
            let after: ParcelWatch
            if watch.dueAt.map({ $0 > now }) ?? false {
                after = watch
            } else if isFollowed {
                // Another order's parcel has the same label, and one subscription tells of both.
                after = try await change(parcel, tracker.id) { $0.take(.taken, now) }
            } else {
                after = try await subscribe(parcel, at: tracker, watch, now)
            }
            if after.isFollowing || after.state != .refused && after.tries < policy.triesBeforeNext { missing -= 1 }
        }
    }

    private func subscribe(
        _ parcel: FollowedParcel, at tracker: any ParcelTracker, _ watch: ParcelWatch, _ now: Timestamp
    ) async throws(StoreError) -> ParcelWatch {
        // Written before it is sent: after a kill nobody knows whether it was taken, and it is asked again under the same number.
        let wait = Cashier.wait(after: watch.tries)
        try await change(parcel, tracker.id) { watch in
            if watch.isFollowing { return }
            watch.tries += 1
            watch.dueAt = now + wait
        }
        guard let tracked = parcel.tracked else { return watch }
        let answer = await tracker.subscribe(tracked)
        let again = policy.again
        let after = try await change(parcel, tracker.id) { watch in
            switch answer {
            case .taken: watch.take(.taken, now)
            case .asksOnly: watch.take(.asksOnly, now)
            // It told us something while it was being asked: it follows the parcel, whatever its answer says.
            case .refused, .later: if !watch.isFollowing { watch.put(off: answer, now, wait: wait, again: again) }
            }
        }
        try await store.write { writing throws(StoreError) in
            if case .refused(let words) = answer, !after.isFollowing {
                try writing.notice(.refused, of: parcel, "\(tracker.id) will not follow it: \(words)", cause: tracker.id)
            } else if after.isFollowing {
                try writing.settleNotices(.refused, of: parcel, by: "track")
            }
        }
        if case .refused(let words) = answer, watch.state != .refused {
            news(.refused(order: parcel.order, parcel.part, account: tracker.id, words))
        }
        return after
    }

    /// Asks those that tell nothing by themselves, and those that have been silent for long.
    func ask(_ parcel: FollowedParcel, _ now: Timestamp) async throws(StoreError) {
        for tracker in followers(of: parcel) {
            let watch = try await store.read { reading throws(StoreError) in
                try reading.watches(of: parcel).first { $0.account == tracker.id }
            }
            guard let watch, let due = parcel.asks(watch, policy), due <= now, let tracked = parcel.tracked else { continue }
            let wait = max(policy.askEvery, Cashier.wait(after: watch.tries))
            try await change(parcel, tracker.id) { watch in
                watch.askedAt = now
                watch.tries += 1
                watch.dueAt = now + wait
            }
            switch await tracker.track(tracked) {
            case .report(let report):
                let policy = self.policy
                let hearings = try await store.write { writing throws(StoreError) in
                    try writing.changeWatch(of: parcel, at: tracker.id) { $0.isAnswered() }
                    return try writing.hear(report, from: tracker.id, isPush: false, policy)
                }
                tell(hearings)
            case .nothing: try await change(parcel, tracker.id) { $0.isAnswered() }
            case .refused(let words): try await change(parcel, tracker.id) { $0.told = words }
            case .later(let words, let after):
                try await change(parcel, tracker.id) { watch in
                    watch.told = words
                    watch.dueAt = now + max(wait, after ?? .zero)
                }
            }
        }
    }

    @discardableResult
    private func change(
        _ parcel: FollowedParcel, _ account: String, _ change: @escaping @Sendable (inout ParcelWatch) -> Void
    ) async throws(StoreError) -> ParcelWatch {
        try await store.write { writing throws(StoreError) in try writing.changeWatch(of: parcel, at: account, change) }
    }
}

extension ParcelWatch {
    fileprivate mutating func take(_ state: State, _ now: Timestamp) {
        // Heard of now: one that is silent from here on is asked when its time is over.
        (self.state, told, tries, dueAt, heardAt) = (state, nil, 0, nil, state == .taken ? now : heardAt)
    }

    fileprivate mutating func isAnswered() { (told, tries, dueAt) = (nil, 0, nil) }

    fileprivate mutating func put(off answer: Subscription, _ now: Timestamp, wait: Duration, again: Duration) {
        switch answer {
        case .taken, .asksOnly: return
        case .refused(let words): (state, told, dueAt) = (.refused, words, now + again)
        case .later(let words, let after): (state, told, dueAt) = (.later, words, now + max(wait, after ?? .zero))
        }
    }
}
