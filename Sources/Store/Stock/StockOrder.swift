package import Commerce

/// Something a person, or a system beside us, does to the goods themselves.
package struct StockOrder: Hashable, Sendable {
    package enum Act: Hashable, Sendable {
        /// Goods came in.
        case receive(Int64)
        /// So many sellable units lie there, whoever they are promised to.
        case count(Int64)
        /// The ledger is wrong by so many units of the pool.
        case adjust(by: Int64)
        /// So many units of the pool cannot be sold any more.
        case damage(Int64)
        /// So many damaged units can be sold again.
        case mend(Int64)
        /// So many damaged units leave the house.
        case scrap(Int64)
        /// Keep so many back.
        case protect(Int64)
        /// Goods leave for another warehouse.
        case dispatch(Int64, to: WarehouseID)
        /// Goods on their way to this warehouse are there.
        case arrive(Int64)
        /// Goods on their way to this warehouse never came.
        case lose(Int64)
    }

    package let sku: EntityRef
    package let warehouse: WarehouseID
    package let act: Act
    package let cause: StockCause
    package let author: String
    package let reason: String?

    /// - Throws: ``ValidationFailure`` for a quantity out of bounds, or a correction without its reason.
    package init(
        _ act: Act, of sku: EntityRef, at warehouse: WarehouseID = .main, cause: StockCause, author: String, reason: String? = nil
    ) throws(ValidationFailure) {
        switch act {
        case .receive(let quantity), .damage(let quantity), .mend(let quantity), .scrap(let quantity), .arrive(let quantity),
            .lose(let quantity):
            try StockQuantity.check(quantity)
        case .dispatch(let quantity, let target):
            try StockQuantity.check(quantity)
            guard target != warehouse else { throw ValidationFailure(field: "to", reason: "must be another warehouse") }
        case .count(let quantity), .protect(let quantity):
            guard (0...StockQuantity.movedMax).contains(quantity) else {
                throw ValidationFailure(field: "quantity", reason: "must be a whole number from 0 to \(StockQuantity.movedMax)")
            }
        case .adjust(let difference):
            guard difference != 0, difference.magnitude <= UInt64(StockQuantity.movedMax) else {
                throw ValidationFailure(field: "quantity", reason: "must not be 0, and at most \(StockQuantity.movedMax) either way")
            }
        }
        switch act {
        case .adjust, .damage, .mend, .scrap, .lose:
            guard let reason, !reason.isEmpty else {
                throw ValidationFailure(field: "reason", reason: "is required: the next person asks why")
            }
        case .receive, .count, .protect, .dispatch, .arrive: break
        }
        self.sku = sku
        self.warehouse = warehouse
        self.act = act
        self.cause = cause
        self.author = author
        self.reason = reason
    }

    var kind: StockEntryKind {
        switch act {
        case .receive: .receive
        case .count: .count
        case .adjust, .damage, .mend, .scrap: .adjust
        case .protect: .protect
        case .dispatch, .arrive, .lose: .transfer
        }
    }

    /// What its cause moves; nil where that depends on what is found.
    var quantity: Int64? {
        switch act {
        case .receive(let n), .damage(let n), .mend(let n), .scrap(let n), .dispatch(let n, _), .arrive(let n), .lose(let n): n
        case .adjust(let difference): abs(difference)
        case .count, .protect: nil
        }
    }
}
