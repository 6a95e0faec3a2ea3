package import Commerce
import GRDB

/// What goods are looked up by.
package enum ShelfMark: Hashable, Sendable {
    /// The SKUs of a product.
    case product(EntityID)
    /// The products filed under a category itself, not under those below it.
    case category(EntityID)
    /// The products of a brand of the catalog.
    case brand(EntityID)

    var text: String {
        switch self {
        case .product(let id): "product:\(id)"
        case .category(let id): "category:\(id)"
        case .brand(let id): "brand:\(id)"
        }
    }

    /// The marks an entity has by the value of one of its units; nil for a unit that gives none.
    static func marks(_ live: JSON?, of unit: UnitRef) -> (prefix: String, marks: [ShelfMark])? {
        switch (unit.entity.kind, unit.unit.text) {
        case (.sku, "identity"): ("product:", [live?["product"]].compactMap { id($0) }.map(ShelfMark.product))
        case (.product, "categories"): ("category:", (live?.array ?? []).compactMap { id($0) }.map(ShelfMark.category))
        case (.product, "brand"): ("brand:", [live?["id"]].compactMap { id($0) }.map(ShelfMark.brand))
        default: nil
        }
    }

    private static func id(_ value: JSON?) -> EntityID? { value?.string.flatMap { EntityID($0) } }
}

extension Reading {
    /// Entities under a mark in the order they were made, after one, with their numbers.
    package func marked(
        _ mark: ShelfMark, after number: Int64 = 0, limit: Int
    ) throws(StoreError) -> [(number: Int64, entity: EntityRef)] {
        try perform { db in
            try db.all(
                """
                SELECT num, kind, id FROM shelf_mark JOIN entity ON entity.num = shelf_mark.entity
                WHERE mark = ?1 AND entity > ?2 ORDER BY entity LIMIT ?3
                """
            ) { parameters in
                parameters.set(1, mark.text)
                parameters.set(2, number)
                parameters.set(3, Int64(limit))
            } _: { (number: try $0.integer(0), entity: try EntityRef($0, at: 1)) }
        }
    }
}

extension Writing {
    /// Lets an entity be found by what is live of it now, whoever wrote it.
    ///
    /// - Parameter isNew: the unit was never written before, so that nothing of it is to be taken away.
    func followMarks(_ live: JSON?, _ place: UnitPlace, isNew: Bool) throws(StoreError) {
        guard let (prefix, marks) = ShelfMark.marks(live, of: place.ref) else { return }
        try perform { db in
            if !isNew {
                // A character after the colon ends the range of all that begin with it.
                try db.run("DELETE FROM shelf_mark WHERE entity = ?1 AND mark >= ?2 AND mark < ?3") { parameters in
                    parameters.set(1, place.entity)
                    parameters.set(2, prefix)
                    parameters.set(3, prefix.dropLast() + ";")
                }
            }
            for mark in marks {
                try db.run("INSERT INTO shelf_mark (mark, entity) VALUES (?, ?) ON CONFLICT DO NOTHING") { row in
                    row.set(1, mark.text)
                    row.set(2, place.entity)
                }
            }
        }
    }
}
