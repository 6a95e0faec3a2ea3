/// Goods on their way.
package struct Parcel: Hashable, Sendable {
    package let id: EntityID
    package let carrier: String
    package let tracking: String
    package let warehouse: WarehouseID
    package let lines: [LinePieces]

    package init(id: EntityID, carrier: String, tracking: String, warehouse: WarehouseID, lines: [LinePieces]) {
        self.id = id
        self.carrier = carrier
        self.tracking = tracking
        self.warehouse = warehouse
        self.lines = lines
    }
}

/// A parcel, when it left, and when it came.
package struct ParcelState: Hashable, Sendable {
    package let parcel: Parcel
    package let at: Timestamp
    package internal(set) var deliveredAt: Timestamp?
}
