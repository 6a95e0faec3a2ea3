package import Commerce
import GRDB

/// What one account at a tracking service does about a parcel.
package struct ParcelWatch: Hashable, Sendable {
    package enum State: String, CaseIterable, Sendable {
        /// To be subscribed; once it was tried, nobody knows whether it is.
        case wanted
        /// It tells us.
        case taken
        /// It tells nobody by itself and is asked.
        case asksOnly = "asks-only"
        /// It will not, for now.
        case refused
        /// To be tried again when it is due.
        case later
        /// It is done with a parcel that came to its end.
        case ended
    }

    package let account: String
    package var state: State
    /// What the service said last, where it said no or not yet.
    package var told: String?
    /// How often it was tried since it last went well.
    package var tries: Int64
    /// When it is to be tried again, subscribing or asking, and not before.
    package var dueAt: Timestamp?
    package var askedAt: Timestamp?
    /// When it last said anything of the parcel.
    package var heardAt: Timestamp?

    package init(account: String, state: State = .wanted) {
        self.account = account
        self.state = state
        tries = 0
    }

    /// Whether the parcel is followed there.
    package var isFollowing: Bool {
        switch state {
        case .taken, .asksOnly, .ended: true
        case .wanted, .refused, .later: false
        }
    }
}

extension Reading {
    /// What is done about a parcel, by account.
    package func watches(of parcel: FollowedParcel) throws(StoreError) -> [ParcelWatch] {
        try perform { db in
            try db.all(
                "SELECT account, state, told, tries, due_at, asked_at, heard_at FROM parcel_watch WHERE parcel = ? ORDER BY account"
            ) { $0.set(1, parcel.row) } _: { row in
                let account = try row.text(0)
                guard let state = ParcelWatch.State(rawValue: try row.text(1)) else { throw StoreError.corrupt("a watch of \(account) is in no state") }
                var watch = ParcelWatch(account: account, state: state)
                watch.told = try row.textIfAny(2)
                watch.tries = try row.integer(3)
                watch.dueAt = try row.integerIfAny(4).map { Timestamp(milliseconds: $0) }
                watch.askedAt = try row.integerIfAny(5).map { Timestamp(milliseconds: $0) }
                watch.heardAt = try row.integerIfAny(6).map { Timestamp(milliseconds: $0) }
                return watch
            }
        }
    }

    func watch(of parcel: FollowedParcel, at account: String) throws(StoreError) -> ParcelWatch {
        try watches(of: parcel).first { $0.account == account } ?? ParcelWatch(account: account)
    }

    /// Whether an account follows this number already for another order's sake: one label may carry two orders.
    package func isFollowed(_ parcel: FollowedParcel, at account: String) throws(StoreError) -> Bool {
        guard let carrier = parcel.carrier else { return false }
        for other in try parcels(numbered: parcel.number, of: carrier) where other.row != parcel.row && other.carrier == carrier {
            if try watches(of: other).contains(where: { $0.account == account && $0.state == .taken }) { return true }
        }
        return false
    }
}

extension Writing {
    /// Changes what an account does about a parcel, as it is in this very transaction.
    @discardableResult
    package func changeWatch(
        of parcel: FollowedParcel, at account: String, _ change: (inout ParcelWatch) -> Void
    ) throws(StoreError) -> ParcelWatch {
        var watch = try reading.watch(of: parcel, at: account)
        change(&watch)
        let changed = watch
        try perform { db in
            try db.run(
                """
                INSERT INTO parcel_watch (parcel, account, state, told, tries, due_at, asked_at, heard_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                ON CONFLICT (parcel, account) DO UPDATE SET state = excluded.state, told = excluded.told, tries = excluded.tries,
                    due_at = excluded.due_at, asked_at = excluded.asked_at, heard_at = excluded.heard_at
                """
            ) { row in
                row.set(1, parcel.row)
                row.set(2, account)
                row.set(3, changed.state.rawValue)
                row.set(4, changed.told)
                row.set(5, changed.tries)
                row.set(6, changed.dueAt?.milliseconds)
                row.set(7, changed.askedAt?.milliseconds)
                row.set(8, changed.heardAt?.milliseconds)
            }
        }
        return changed
    }

    /// Has a parcel looked at next at a time; nil when it is followed no more.
    package func lookAgain(at parcel: FollowedParcel, _ time: Timestamp?) throws(StoreError) {
        try perform { db in
            try db.run("UPDATE parcel SET look_at = ?2 WHERE num = ?1") { row in
                row.set(1, parcel.row)
                row.set(2, time?.milliseconds)
            }
        }
    }
}
