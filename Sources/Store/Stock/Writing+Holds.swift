package import Commerce
import GRDB

/// What came of something that was asked of an owner's holds.
package enum HoldAnswer: Hashable, Sendable {
    /// All of them are so now.
    case done([Hold])
    /// All of them were so before.
    case already([Hold])
    /// It cannot be: one of them is what is said here. Nothing was done, except that those whose time is over have ended.
    case refused(HoldState, [Hold])
    /// The owner holds nothing, and never did under this attempt.
    case nothing
}

extension Writing {
    /// Makes what an owner holds theirs: it is paid for.
    ///
    /// What had to be paid for in time and was not is given back instead, also when nobody has asked for it since.
    package func claim(owner: String, attempt: Int64? = nil) throws(StoreError) -> HoldAnswer {
        try apply(.claim, owner, attempt) { hold, now throws(StoreError) in
            try end(hold, as: .claimed, at: now) { balance throws(StockShortfall) in
                let step = StockStep(.reserved, .sold, hold.quantity)
                try balance.apply(step)
                return [step]
            }
        }
    }

    /// Gives back what an owner holds; refused while a payment's end is not known.
    package func release(owner: String, attempt: Int64? = nil) throws(StoreError) -> HoldAnswer {
        try apply(.release, owner, attempt) { hold, now throws(StoreError) in try giveBack(hold, as: .released, at: now) }
    }

    /// Gives an owner more time, from now on; also ends a doubt about its payment.
    package func extend(owner: String, attempt: Int64? = nil, by lifetime: Duration) throws(StoreError) -> HoldAnswer {
        guard lifetime > .zero, lifetime <= HoldRequest.lifetimeMax else {
            throw .invalid(ValidationFailure(field: "lifetime", reason: "must be longer than 0 and at most 7 days"))
        }
        return try apply(.extend, owner, attempt) { hold, now throws(StoreError) in
            // A shorter time than it had is no extension.
            try set(hold, expires: max(now + lifetime, hold.expiresAt ?? now))
        }
    }

    /// Keeps what an owner holds until it is known whether it was paid for: it has no time until then.
    package func doubt(owner: String, attempt: Int64? = nil) throws(StoreError) -> HoldAnswer {
        try apply(.doubt, owner, attempt) { hold, _ throws(StoreError) in try set(hold, expires: nil) }
    }

    private func apply(
        _ event: HoldLifecycle.Event, _ owner: String, _ attempt: Int64?,
        _ act: (Hold, Timestamp) throws(StoreError) -> Void
    ) throws(StoreError) -> HoldAnswer {
        let now = desk.surroundings.time.now()
        let holds = try reading.holds(owner: owner, attempt: attempt)
        if holds.isEmpty { return .nothing }
        var acting: [Hold] = []
        var refusal: HoldState?
        // Without an attempt it is about what is open; earlier tries that ended do not stand in the way.
        let isAnyOpen = holds.contains { $0.state == .open }
        for hold in holds where attempt != nil || !isAnyOpen || hold.state == .open {
            switch HoldLifecycle.answer(event, in: hold.state, inDoubt: hold.inDoubt, isDue: hold.isDue(at: now)) {
            case .becomes(.expired):
                try giveBack(hold, as: .expired, at: now)
                refusal = refusal ?? .expired
            case .becomes: acting.append(hold)
            case .already: break
            case .refused(let state): refusal = refusal ?? state
            }
        }
        if let refusal { return .refused(refusal, try reading.holds(owner: owner, attempt: attempt)) }
        for hold in acting { try act(hold, now) }
        if acting.isEmpty { return .already(holds) }
        return .done(try reading.holds(owner: owner, attempt: attempt))
    }

    private func set(_ hold: Hold, expires: Timestamp?) throws(StoreError) {
        try perform { db in
            try db.run("UPDATE hold SET expires_at = ? WHERE num = ?") { row in
                row.set(1, expires?.milliseconds)
                row.set(2, hold.number)
            }
        }
    }

    /// Lets a hold's units go back to the pool, or pay a debt.
    func giveBack(_ hold: Hold, as state: HoldState, at now: Timestamp) throws(StoreError) {
        try end(hold, as: state, at: now) { balance throws(StockShortfall) in try balance.bring(hold.quantity, from: .reserved) }
    }

    private func end(
        _ hold: Hold, as state: HoldState, at now: Timestamp,
        _ take: (inout StockBalance) throws(StockShortfall) -> [StockStep]
    ) throws(StoreError) {
        var balance = try balance(hold.place)
        switch trying({ () throws(StockShortfall) in try take(&balance) }) {
        case .failure(let shortfall):
            throw .corrupt("hold \(hold.number) is not in its balance: \(shortfall); see heyi stock audit")
        case .success(let steps):
            try put(balance, at: hold.place)
            let kind: StockEntryKind = state == .claimed ? .claim : .release
            try enter(kind, steps, at: hold.place, cause: .own("\(state == .expired ? "expire" : kind.rawValue)/\(hold.number)"))
        }
        try perform { db in
            try db.run("UPDATE hold SET state = ?, ended_at = ?, expires_at = NULL WHERE num = ?") { row in
                row.set(1, state.rawValue)
                row.set(2, now.milliseconds)
                row.set(3, hold.number)
            }
        }
    }
}
