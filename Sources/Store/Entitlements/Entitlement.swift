package import Commerce
import GRDB

/// A coupon, a member's points, or a promotion's quota, and how much of it is where.
package struct Entitlement: Hashable, Sendable {
    package let kind: EntitlementKind
    package let id: String
    /// Whose it is; nil for anybody's.
    package let member: EntityID?
    package let startsAt: Timestamp?
    /// From when on no order gets it any more; what an order has by then stays the order's.
    package let endsAt: Timestamp?
    package let balance: EntitlementBalance
    let number: Int64

    package func isValid(at now: Timestamp) -> Bool {
        if let startsAt, now < startsAt { return false }
        if let endsAt, now >= endsAt { return false }
        return true
    }
}

/// An order's part of an entitlement.
package struct EntitlementUse: Hashable, Sendable {
    package let kind: EntitlementKind
    package let id: String
    package let held: Int64
    package let claimed: Int64
    package let returned: Int64
    let number: Int64
    let turn: Int64

    var quantity: Int64 { held + claimed + returned }
}

extension Entitlement {
    static let select = """
        SELECT num, kind, id, member, starts_at, ends_at, available, held, claimed FROM entitlement
        """

    init(_ row: Columns) throws(StoreError) {
        number = try row.integer(0)
        guard let kind = EntitlementKind(rawValue: try row.text(1)) else { throw .corrupt("entitlement \(number) cannot be read") }
        self.kind = kind
        id = try row.text(2)
        member = try row.textIfAny(3).flatMap { EntityID($0) }
        startsAt = try row.integerIfAny(4).map { Timestamp(milliseconds: $0) }
        endsAt = try row.integerIfAny(5).map { Timestamp(milliseconds: $0) }
        balance = EntitlementBalance(
            available: try row.integer(6), held: try row.integer(7), claimed: try row.integer(8))
    }
}

extension Reading {
    package func entitlement(_ kind: EntitlementKind, _ id: String) throws(StoreError) -> Entitlement? {
        try perform { db in
            try db.first(Entitlement.select + " WHERE kind = ? AND id = ?") { row in
                row.set(1, kind.rawValue)
                row.set(2, id)
            } _: { try Entitlement($0) }
        }
    }

    /// All a member has, by kind and id.
    package func entitlements(of member: EntityID, limit: Int) throws(StoreError) -> [Entitlement] {
        try perform { db in
            try db.all(Entitlement.select + " WHERE member = ? ORDER BY kind, id LIMIT ?") { row in
                row.set(1, member.text)
                row.set(2, Int64(limit))
            } _: { try Entitlement($0) }
        }
    }

    /// What an order took, by kind and id.
    package func entitlementUses(owner: String) throws(StoreError) -> [EntitlementUse] {
        try perform { db in
            try db.all(
                """
                SELECT kind, id, entitlement_use.held, entitlement_use.claimed, returned, entitlement, turn
                FROM entitlement_use JOIN entitlement ON entitlement.num = entitlement WHERE owner = ? ORDER BY kind, id
                """
            ) { $0.set(1, owner) } _: { row in
                guard let kind = EntitlementKind(rawValue: try row.text(0)) else { throw StoreError.corrupt("a use of \(owner)") }
                return EntitlementUse(
                    kind: kind, id: try row.text(1), held: try row.integer(2), claimed: try row.integer(3),
                    returned: try row.integer(4), number: try row.integer(5), turn: try row.integer(6))
            }
        }
    }
}
