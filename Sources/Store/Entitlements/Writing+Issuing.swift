package import Commerce
import GRDB

extension Writing {
    /// Gives out units of an entitlement, made where there is none; the same cause never gives twice.
    ///
    /// - Parameter span: from when until when orders get it; taken over only when it is made.
    /// - Returns: whether it gave; false for a cause that was heard before.
    /// - Throws: `.contradiction` when it is another member's, is a coupon that was given out before, or the cause was
    ///   another entitlement's or quantity's.
    package func issue(
        _ kind: EntitlementKind, _ id: String, _ quantity: Int64 = 1, to member: EntityID? = nil,
        from startsAt: Timestamp? = nil, until endsAt: Timestamp? = nil, cause: StockCause, author: String
    ) throws(StoreError) -> Bool {
        try assertName(id)
        do throws(ValidationFailure) { try StockQuantity.check(quantity) } catch { throw .invalid(error) }
        if kind == .points, id != member?.text {
            throw .invalid(ValidationFailure(field: "id", reason: "points are the member's they are named after"))
        }
        if let startsAt, let endsAt, startsAt >= endsAt {
            throw .invalid(ValidationFailure(field: "until", reason: "must be later than its beginning"))
        }
        if let known = try reading.entitlement(kind, id) {
            if try isRepeat(cause, of: known, quantity, from: .outside, to: .available) { return false }
            guard known.member == member else { throw .contradiction("\(kind.rawValue) \(id) is somebody else's") }
            try shift(known, quantity, from: .outside, to: .available, owner: nil, cause: cause, author: author)
            return true
        }
        try perform { db in
            try db.run("INSERT INTO entitlement (kind, id, member, starts_at, ends_at) VALUES (?, ?, ?, ?, ?)") { row in
                row.set(1, kind.rawValue)
                row.set(2, id)
                row.set(3, member?.text)
                row.set(4, startsAt?.milliseconds)
                row.set(5, endsAt?.milliseconds)
            }
        }
        guard let made = try reading.entitlement(kind, id) else { throw .failed("\(kind.rawValue) \(id) was not kept") }
        if try isRepeat(cause, of: made, quantity, from: .outside, to: .available) { return false }
        try shift(made, quantity, from: .outside, to: .available, owner: nil, cause: cause, author: author)
        return true
    }

    /// Takes back units nobody uses; what orders have stays theirs.
    ///
    /// - Returns: false for a cause that was heard before.
    /// - Throws: `.contradiction` when fewer are available.
    package func revoke(
        _ kind: EntitlementKind, _ id: String, _ quantity: Int64 = 1, cause: StockCause, author: String
    ) throws(StoreError) -> Bool {
        do throws(ValidationFailure) { try StockQuantity.check(quantity) } catch { throw .invalid(error) }
        guard let known = try reading.entitlement(kind, id) else { throw .notFound("\(kind.rawValue) \(id)") }
        if try isRepeat(cause, of: known, quantity, from: .available, to: .outside) { return false }
        try shift(known, quantity, from: .available, to: .outside, owner: nil, cause: cause, author: author)
        return true
    }

    private func assertName(_ id: String) throws(StoreError) {
        guard (1...64).contains(id.utf8.count), id.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .invalid(ValidationFailure(field: "id", reason: "must be 1 to 64 printable ASCII characters without spaces"))
        }
    }

    private func isRepeat(
        _ cause: StockCause, of entitlement: Entitlement, _ quantity: Int64, from: EntitlementAccount, to: EntitlementAccount
    ) throws(StoreError) -> Bool {
        let same = try perform { db in
            try db.first("SELECT entitlement, quantity, from_account, to_account FROM entitlement_entry WHERE cause = ?") {
                $0.set(1, cause.text)
            } _: { row in
                let isSame = try row.integer(0) == entitlement.number && row.integer(1) == quantity
                return try isSame && row.text(2) == from.rawValue && row.text(3) == to.rawValue
            }
        }
        if same == false { throw .contradiction("cause \(cause) stands for another movement of entitlements") }
        return same != nil
    }

    func shift(
        _ entitlement: Entitlement, _ quantity: Int64, from: EntitlementAccount, to: EntitlementAccount, owner: String?,
        cause: StockCause, author: String?
    ) throws(StoreError) {
        var balance = entitlement.balance
        guard balance.move(quantity, from: from, to: to),
            entitlement.kind != .coupon || balance.available + balance.held + balance.claimed <= 1
        else {
            throw .contradiction(
                "\(entitlement.kind.rawValue) \(entitlement.id): \(quantity) cannot go from \(from.rawValue) to \(to.rawValue)")
        }
        let new = balance
        let now = desk.surroundings.time.now()
        try perform { db in
            try db.run("UPDATE entitlement SET available = ?, held = ?, claimed = ? WHERE num = ?") { row in
                for (index, value) in [new.available, new.held, new.claimed, entitlement.number].enumerated() {
                    row.set(Int32(index) + 1, value)
                }
            }
            try db.run(
                """
                INSERT INTO entitlement_entry (entitlement, quantity, from_account, to_account, owner, cause, at, author)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
            ) { row in
                row.set(1, entitlement.number)
                row.set(2, quantity)
                row.set(3, from.rawValue)
                row.set(4, to.rawValue)
                row.set(5, owner)
                row.set(6, cause.text)
                row.set(7, now.milliseconds)
                row.set(8, author)
            }
        }
    }
}
