import Commerce
import GRDB

/// An entitlement whose balance is not what its entries, or the orders that have of it, add up to.
package struct EntitlementDifference: Hashable, Sendable, CustomStringConvertible {
    package let entitlement: String
    package let account: String
    package let shown: Int64
    package let counted: Int64

    package var description: String { "\(entitlement): \(account) shows \(shown), its entries come to \(counted)" }
}

extension Reading {
    /// Every balance of entitlements that is not the sum of its entries, or of what orders have; empty in a sound store.
    package func entitlementDifferences(limit: Int = 100) throws(StoreError) -> [EntitlementDifference] {
        try perform { db in
            try db.all(
                """
                WITH flow (entitlement, account, quantity) AS (
                    SELECT entitlement, to_account, quantity FROM entitlement_entry
                    UNION ALL SELECT entitlement, from_account, -quantity FROM entitlement_entry),
                folded (entitlement, account, quantity) AS (
                    SELECT entitlement, account, sum(quantity) FROM flow GROUP BY entitlement, account),
                shown (entitlement, account, quantity, source) AS (
                    SELECT num, 'available', available, 0 FROM entitlement
                    UNION ALL SELECT num, 'held', held, 0 FROM entitlement
                    UNION ALL SELECT num, 'claimed', claimed, 0 FROM entitlement
                    UNION ALL SELECT entitlement, 'held', sum(held), 1 FROM entitlement_use GROUP BY entitlement
                    UNION ALL SELECT entitlement, 'claimed', sum(claimed), 1 FROM entitlement_use GROUP BY entitlement)
                SELECT kind || ' ' || id, shown.account || iif(source = 1, ' (orders)', ''), shown.quantity,
                    coalesce(folded.quantity, 0)
                FROM shown JOIN entitlement ON entitlement.num = shown.entitlement
                LEFT JOIN folded ON folded.entitlement = shown.entitlement AND folded.account = shown.account
                WHERE shown.quantity <> coalesce(folded.quantity, 0) ORDER BY 1, 2 LIMIT ?
                """
            ) { $0.set(1, Int64(limit)) } _: { row in
                EntitlementDifference(
                    entitlement: try row.text(0), account: try row.text(1), shown: try row.integer(2),
                    counted: try row.integer(3))
            }
        }
    }
}
