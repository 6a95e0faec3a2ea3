package import Commerce
import GRDB

/// A place where goods lie.
package struct Warehouse: Hashable, Sendable {
    let number: Int64
    package let id: WarehouseID
    package let name: String
    /// Holds are taken from lower places first.
    package let place: Int64
    /// Nothing is held or received there any more; what lies there can be moved away.
    package let isClosed: Bool

    init(_ row: Columns) throws(StoreError) {
        number = try row.integer(0)
        guard let id = WarehouseID(try row.text(1)) else { throw .corrupt("a warehouse's id cannot be read") }
        self.id = id
        name = try row.text(2)
        place = try row.integer(3)
        isClosed = try row.integer(4) == 1
    }
}

extension Reading {
    /// All warehouses, in the order holds are taken from them.
    package func warehouses() throws(StoreError) -> [Warehouse] {
        try perform { db in
            try db.all("SELECT num, id, name, place, closed FROM warehouse ORDER BY place, id") { _ in } _: { try Warehouse($0) }
        }
    }

    /// - Throws: `.notFound` with what there is.
    package func requireWarehouse(_ id: WarehouseID) throws(StoreError) -> Warehouse {
        let all = try warehouses()
        guard let found = all.first(where: { $0.id == id }) else {
            throw .notFound("warehouse \(id) (there are \(all.map(\.id.text).joined(separator: ", ")))")
        }
        return found
    }
}

extension Writing {
    /// Makes a warehouse known, or changes its name, its place in the order, or whether it is open.
    package func putWarehouse(
        _ id: WarehouseID, name: String, place: Int64 = 0, isClosed: Bool = false
    ) throws(StoreError) {
        desk.stock.forgetRules()
        try perform { db in
            try db.run(
                """
                INSERT INTO warehouse (id, name, place, closed) VALUES (?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET name = excluded.name, place = excluded.place, closed = excluded.closed
                """
            ) { row in
                row.set(1, id.text)
                row.set(2, name)
                row.set(3, place)
                row.set(4, isClosed ? 1 : 0)
            }
        }
    }

    /// Open warehouses in the order holds are taken from them.
    func openWarehouses() throws(StoreError) -> [Warehouse] {
        let reading = self.reading
        return try perform { _ in try desk.stock.warehouses { try reading.warehouses().filter { !$0.isClosed } } }
    }
}
