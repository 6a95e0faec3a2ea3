import Commerce
import GRDB

extension EntityRef {
    /// Reads an entity's kind and id from two neighbouring columns.
    init(_ row: Columns, at index: Int32) throws(StoreError) {
        guard let kind = EntityKind(rawValue: try row.text(index)), let id = EntityID(try row.text(index + 1)) else {
            throw .corrupt("an entity's kind or id cannot be read")
        }
        self.init(kind, id)
    }

    init(_ row: Row, at index: Int) throws(StoreError) {
        guard let kind = EntityKind(rawValue: try row.read(index)), let id = EntityID(try row.read(index + 1)) else {
            throw .corrupt("an entity's kind or id cannot be read")
        }
        self.init(kind, id)
    }
}
