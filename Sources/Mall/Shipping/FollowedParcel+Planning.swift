import ChannelAdapters
import Commerce
import Store

extension FollowedParcel {
    var tracked: TrackedParcel? { carrier.map { TrackedParcel(carrier: $0, number: number, phoneTail: phoneTail?.digits) } }

    /// Whether it has nowhere to go: it came, by whoever's word, or came back.
    var hasArrived: Bool { phase?.isAtAnEnd == true || cameAt != nil && phase != .returning }

    /// Whether nobody need follow it any more.
    func isOver(_ now: Timestamp, _ policy: TrackingPolicy) -> Bool {
        if leftAt + policy.longest <= now { return true }
        guard let end = [deliveredAt, returnedAt, cameAt].compactMap({ $0 }).max() else { return false }
        // One that was delivered and is on its way back has not ended.
        return phase != .returning && end + policy.grace <= now
    }

    /// When it is to be looked at next.
    func next(
        after now: Timestamp, _ stalls: Timestamp?, _ watches: [ParcelWatch], _ accounts: [String], _ policy: TrackingPolicy
    ) -> Timestamp {
        var times = [leftAt + policy.longest, now + policy.again]
        if let end = [deliveredAt, returnedAt, cameAt].compactMap({ $0 }).max(), phase != .returning { times.append(end + policy.grace) }
        if stalledAt == nil, let stalls { times.append(stalls) }
        for watch in watches where accounts.contains(watch.account) {
            times += [watch.isFollowing ? asks(watch, policy) : watch.dueAt].compactMap { $0 }
        }
        return times.filter { $0 > now }.min() ?? now + policy.again
    }

    /// When a service is asked about it next; nil for one that is not to be asked.
    ///
    /// One that tells is asked after a silence; of one that came there is not much left to hear.
    func asks(_ watch: ParcelWatch, _ policy: TrackingPolicy) -> Timestamp? {
        let since: Timestamp?
        switch watch.state {
        case .asksOnly: since = watch.askedAt
        case .taken: since = [watch.heardAt, watch.askedAt].compactMap { $0 }.max()
        case .wanted, .refused, .later, .ended: return nil
        }
        let pause = watch.state == .asksOnly && !hasArrived ? policy.askEvery : policy.silence
        let due = since.map { $0 + pause } ?? leftAt
        return max(due, watch.dueAt ?? due)
    }
}
