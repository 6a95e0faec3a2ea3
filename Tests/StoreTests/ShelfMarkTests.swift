import Commerce
import GRDB
import TestKit
import Testing

@testable import Store

@Suite struct ShelfMarkTests {
    private func ref(_ text: String) throws -> EntityRef { try #require(EntityRef(text)) }
    private func id(_ text: String) throws -> EntityID { try #require(EntityID(text)) }

    private func put(_ store: Store, _ entity: String, _ unit: String, _ value: JSON?) async throws {
        let write = UnitWrite(UnitRef(try ref(entity), try #require(UnitName(unit))), value, author: "t", origin: .api)
        try await store.write { writing throws(StoreError) in
            try writing.create(write.unit.entity)
            _ = try writing.apply(write)
        }
    }

    private func found(_ store: Store, _ mark: ShelfMark) async throws -> [String] {
        try await store.read { reading throws(StoreError) in try reading.marked(mark, limit: 10).map(\.entity.id.text) }
    }

    @Test func `goods are under what is live of them, and under nothing they were before`() async throws {
        let store = try Store(.memory, surroundings: .still())
        let (cup, pot, tea, gifts, jingde) = (try id("cup"), try id("pot"), try id("tea"), try id("gifts"), try id("jingde"))
        try await put(store, "sku/a", "identity", ["product": "cup"])
        try await put(store, "sku/b", "identity", ["product": "cup"])
        try await put(store, "product/cup", "categories", ["tea", "gifts"])
        try await put(store, "product/cup", "brand", ["id": "jingde"])
        #expect(try await found(store, .product(cup)) == ["a", "b"])
        #expect(try await found(store, .category(gifts)) == ["cup"])
        try await put(store, "sku/a", "identity", ["product": "pot"])
        try await put(store, "product/cup", "categories", ["tea"])
        #expect(try await found(store, .product(cup)) == ["b"])
        #expect(try await found(store, .product(pot)) == ["a"])
        #expect(try await found(store, .category(gifts)) == [])
        #expect(try await found(store, .category(tea)) == ["cup"])
        #expect(try await found(store, .brand(jingde)) == ["cup"])
        try await put(store, "product/cup", "brand", ["name": "Nobody's"])
        try await put(store, "product/cup", "categories", nil)
        #expect(try await found(store, .brand(jingde)) == [])
        #expect(try await found(store, .category(tea)) == [])
        let amiss = try await store.read { reading throws(StoreError) in try reading.examine().map(\.problem) }
        #expect(amiss == [])
    }

    @Test func `a store from before finds its goods after it was brought up`() async throws {
        let store = try Store(.memory, surroundings: .still())
        try await put(store, "sku/a", "identity", ["product": "cup", "code": "Ä'\"1"])
        try await put(store, "sku/b", "identity", ["product": "cup"])
        try await put(store, "sku/b", "identity", nil)
        try await put(store, "product/cup", "categories", ["tea", "gifts"])
        try await put(store, "product/cup", "brand", ["id": "jingde"])
        try await put(store, "product/pot", "brand", ["name": "Nobody's"])
        try await put(store, "category/tea", "text.en", ["title": "Tea"])
        let rows = "SELECT mark || ' ' || entity FROM shelf_mark ORDER BY 1"
        let (followed, made) = try await store.write { writing throws(StoreError) in
            try writing.perform { db in
                let followed = try String.fetchAll(db, sql: rows)
                try db.execute(sql: "DROP TABLE shelf_mark")
                try db.execute(sql: Migration.shelf.sql)
                return (followed, try String.fetchAll(db, sql: rows))
            }
        }
        #expect(followed == made && made.count == 4)
    }
}
