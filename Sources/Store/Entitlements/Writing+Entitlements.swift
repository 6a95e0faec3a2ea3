package import Commerce
import GRDB

extension Writing {
    /// Sets all an order wants aside, or nothing, in the transaction that places it.
    ///
    /// Said again for the same order it answers what the order has.
    package func holdEntitlements(
        _ demand: EntitlementDemand, owner: String, member: EntityID?
    ) throws(StoreError) -> EntitlementOutcome {
        let uses = try reading.entitlementUses(owner: owner)
        if !uses.isEmpty { return .known(uses) }
        let now = desk.surroundings.time.now()
        if let refusal = try reading.refusal(of: demand, member: member, at: now) {
            return .refused(refusal.kind, id: refusal.id, refusal.reason)
        }
        var wanted: [(Entitlement, Int64)] = []
        for part in demand.parts {
            if let found = try reading.entitlement(part.kind, part.id) { wanted.append((found, part.quantity)) }
        }
        for (entitlement, quantity) in wanted {
            try perform { db in
                try db.run("INSERT INTO entitlement_use (owner, entitlement, held) VALUES (?, ?, ?)") { row in
                    row.set(1, owner)
                    row.set(2, entitlement.number)
                    row.set(3, quantity)
                }
            }
            let cause = StockCause.own("entitlement/\(owner)/\(entitlement.number)/0")
            try shift(entitlement, quantity, from: .available, to: .held, owner: owner, cause: cause, author: nil)
        }
        return .held(try reading.entitlementUses(owner: owner))
    }

    /// Brings what an order has in line with what its facts say: claims, and gives back, what is not so yet.
    ///
    /// The order's facts may be told in any order and again; once they are all known the ledger shows the same.
    /// What was given back is not taken a second time by this: see ``rehold(owner:)``.
    ///
    /// - Parameter quota: what becomes of its place in a promotion's quota, which goes with the whole order.
    /// - Returns: whether something moved.
    @discardableResult
    package func settleEntitlements(
        owner: String, as target: OrderEntitlements, quota: EntitlementState
    ) throws(StoreError) -> Bool {
        var moved = false
        for use in try reading.entitlementUses(owner: owner) {
            let wanted = use.target(target, quota)
            let back = max(0, min(wanted.returned, use.quantity) - use.returned)
            // What is not paid goes back first.
            let fromHeld = min(back, use.held)
            let fromClaimed = back - fromHeld
            let claims = max(0, min(wanted.claimed - (use.claimed - fromClaimed), use.held - fromHeld))
            var turn = use.turn
            for (quantity, from, to) in [
                (fromHeld, EntitlementAccount.held, EntitlementAccount.available), (fromClaimed, .claimed, .available),
                (claims, .held, .claimed),
            ] where quantity > 0 {
                turn += 1
                try turnOver(use, quantity, from, to, owner: owner, turn: turn)
                moved = true
            }
        }
        return moved
    }

    /// Sets aside again what an order had given back, all of it or nothing, when it comes to life again.
    package func rehold(owner: String) throws(StoreError) -> EntitlementOutcome {
        let uses = try reading.entitlementUses(owner: owner).filter { $0.returned > 0 }
        let now = desk.surroundings.time.now()
        for use in uses {
            guard let found = try reading.entitlement(use.kind, use.id) else { return .refused(use.kind, id: use.id, .unknown) }
            if let refusal = found.refusal(of: use.returned, at: now) { return .refused(use.kind, id: use.id, refusal) }
        }
        for use in uses { try turnOver(use, use.returned, .available, .held, owner: owner, turn: use.turn + 1) }
        let after = try reading.entitlementUses(owner: owner)
        return uses.isEmpty ? .known(after) : .held(after)
    }

    private func turnOver(
        _ use: EntitlementUse, _ quantity: Int64, _ from: EntitlementAccount, _ to: EntitlementAccount, owner: String, turn: Int64
    ) throws(StoreError) {
        // Read again each time: the step before has moved its balance.
        guard let entitlement = try reading.entitlement(use.kind, use.id) else {
            throw .corrupt("\(owner) has of \(use.kind.rawValue) \(use.id), which is not there")
        }
        let cause = StockCause.own("entitlement/\(owner)/\(use.number)/\(turn)")
        try shift(entitlement, quantity, from: from, to: to, owner: owner, cause: cause, author: nil)
        func change(_ account: EntitlementAccount) -> Int64 { (to == account ? quantity : 0) - (from == account ? quantity : 0) }
        try perform { db in
            try db.run(
                """
                UPDATE entitlement_use SET held = held + ?3, claimed = claimed + ?4, returned = returned + ?5, turn = ?6
                WHERE owner = ?1 AND entitlement = ?2
                """
            ) { row in
                row.set(1, owner)
                row.set(2, use.number)
                row.set(3, change(.held))
                row.set(4, change(.claimed))
                row.set(5, change(.available))
                row.set(6, turn)
            }
        }
    }
}

extension Reading {
    /// Why not all an order wants can be set aside now; nil when it can.
    func refusal(
        of demand: EntitlementDemand, member: EntityID?, at now: Timestamp
    ) throws(StoreError) -> (kind: EntitlementKind, id: String, reason: EntitlementOutcome.Refusal)? {
        for part in demand.parts {
            guard let found = try entitlement(part.kind, part.id), found.member == nil || found.member == member else {
                return (part.kind, part.id, .unknown)
            }
            if let refusal = found.refusal(of: part.quantity, at: now) { return (part.kind, part.id, refusal) }
        }
        return nil
    }
}

extension Entitlement {
    fileprivate func refusal(of quantity: Int64, at now: Timestamp) -> EntitlementOutcome.Refusal? {
        if let startsAt, now < startsAt { return .notYet(startsAt) }
        if let endsAt, now >= endsAt { return .over(endsAt) }
        return balance.available < quantity ? .short(wanted: quantity, available: balance.available) : nil
    }
}

extension EntitlementUse {
    /// How many of it are to be used up and given back.
    fileprivate func target(_ order: OrderEntitlements, _ quota: EntitlementState) -> (claimed: Int64, returned: Int64) {
        switch kind {
        case .points: return (order.pointsClaimed, order.pointsReturned)
        case .coupon: return whole(order.coupons[id])
        case .quota: return whole(quota)
        }
    }

    private func whole(_ state: EntitlementState?) -> (claimed: Int64, returned: Int64) {
        switch state {
        case .claimed: (quantity, 0)
        case .returned: (0, quantity)
        case .held, nil: (0, 0)
        }
    }
}
