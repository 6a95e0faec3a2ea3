package import Commerce
import GRDB

/// Units of one SKU at one warehouse that somebody holds, or has bought.
///
/// A claimed one stays for good: an order is shipped, cancelled and returned by it.
package struct Hold: Hashable, Sendable {
    package let number: Int64
    /// The order or quote, such as `order/2026-000017`.
    package let owner: String
    package let line: String
    /// Counts the tries to hold for one owner; each succeeds or fails as a whole.
    package let attempt: Int64
    package let sku: EntityRef
    package let warehouse: WarehouseID
    package let quantity: Int64
    /// nil while a payment's end is not known, and when it has ended.
    package let expiresAt: Timestamp?
    package let state: HoldState
    package let at: Timestamp
    package let endedAt: Timestamp?
    package let shipped: Int64
    /// Cancelled after it was paid and before it left.
    package let unsold: Int64
    package let returned: Int64
    let place: StockPlace

    package var inDoubt: Bool { state == .open && expiresAt == nil }
    package func isDue(at now: Timestamp) -> Bool { state == .open && expiresAt.map { $0 <= now } == true }
    /// Bought and still in the house.
    package var toShip: Int64 { state == .claimed ? quantity - shipped - unsold : 0 }
}

extension Hold {
    static let select = """
        SELECT hold.num, owner, line, attempt, entity.kind, entity.id, warehouse.id, quantity, expires_at, state, at, ended_at,
            shipped, unsold, returned, hold.sku, hold.warehouse
        FROM hold JOIN entity ON entity.num = hold.sku JOIN warehouse ON warehouse.num = hold.warehouse
        """
    fileprivate static let byOwner =
        select + " WHERE owner = ?1 AND (?2 IS NULL OR attempt = ?2) ORDER BY attempt, line, hold.sku, hold.num"

    init(_ row: Columns) throws(StoreError) {
        number = try row.integer(0)
        guard let warehouse = WarehouseID(try row.text(6)), let state = HoldState(rawValue: try row.text(9)) else {
            throw .corrupt("hold \(number) cannot be read")
        }
        owner = try row.text(1)
        line = try row.text(2)
        attempt = try row.integer(3)
        sku = try EntityRef(row, at: 4)
        self.warehouse = warehouse
        quantity = try row.integer(7)
        expiresAt = try row.integerIfAny(8).map { Timestamp(milliseconds: $0) }
        self.state = state
        at = Timestamp(milliseconds: try row.integer(10))
        endedAt = try row.integerIfAny(11).map { Timestamp(milliseconds: $0) }
        shipped = try row.integer(12)
        unsold = try row.integer(13)
        returned = try row.integer(14)
        place = StockPlace(sku: try row.integer(15), warehouse: try row.integer(16))
    }
}

extension Reading {
    /// All an owner holds or held, or of one attempt, in order of line and SKU.
    package func holds(owner: String, attempt: Int64? = nil) throws(StoreError) -> [Hold] {
        try perform { db in
            try db.all(Hold.byOwner) { parameters in
                parameters.set(1, owner)
                parameters.set(2, attempt)
            } _: { try Hold($0) }
        }
    }

    /// Holds of a SKU in one state, newest first, before (that is, older than) a number.
    package func holds(
        sku: EntityRef?, state: HoldState?, before number: Int64? = nil, limit: Int
    ) throws(StoreError) -> [Hold] {
        var subject: Int64?
        if let sku {
            guard let found = try entityNumber(sku) else { throw .notFound(sku.description) }
            subject = found
        }
        let only = subject
        return try perform { db in
            try db.all(
                Hold.select + """
                     WHERE (?1 IS NULL OR hold.sku = ?1) AND (?2 IS NULL OR hold.state = ?2) AND hold.num < ?3
                    ORDER BY hold.num DESC LIMIT ?4
                    """
            ) { parameters in
                parameters.set(1, only)
                parameters.set(2, state?.rawValue)
                parameters.set(3, number ?? .max)
                parameters.set(4, Int64(limit))
            } _: { try Hold($0) }
        }
    }
}
