import Commerce
import ConflictResolution
import Foundation
import Store

/// What trials fill stores and files with.
enum Goods {
    static let text = Goods.unit("text.zh-CN")
    static let identity = Goods.unit("identity")
    static let price = Goods.unit("price.CNY")

    /// A text as shops have them: some 300 bytes of Chinese with a little markup.
    static func value(_ number: Int) -> JSON {
        let body = "<p>手工拉坯，釉色温润，容量约二百毫升。</p><p>每只纹理略有不同，请以实物为准；可入洗碗机。</p>"
        return ["title": .string("青瓷茶杯 第\(number)号"), "body": .string(body), "keywords": "茶杯 青瓷 手工"]
    }

    static func product(_ number: Int) -> EntityRef { entity(.product, "p\(number)") }
    static func sku(_ number: Int) -> EntityRef { entity(.sku, "s\(number)") }

    static func skuID(_ number: Int) -> SKUID {
        guard let id = SKUID(sku(number)) else { preconditionFailure("a bad SKU among the goods") }
        return id
    }

    static func entity(_ kind: EntityKind, _ id: String) -> EntityRef {
        guard let id = EntityID(id) else { preconditionFailure("a bad id among the goods") }
        return EntityRef(kind, id)
    }

    static func unit(_ name: String) -> UnitName {
        guard let name = UnitName(name) else { preconditionFailure("a bad unit among the goods") }
        return name
    }

    static func channel(_ text: String) -> ChannelID {
        guard let id = ChannelID(text) else { preconditionFailure("a bad channel among the goods") }
        return id
    }

    /// Products of one text each.
    static func fill(_ store: Store, products: Int, revision: Int = 0) async throws {
        try await batches(products) { number in
            (product(number), [(text, value(number * 10 + revision))])
        } into: { store }
    }

    /// SKUs with a code and a price.
    static func fill(_ store: Store, skus: Int) async throws {
        try await batches(skus) { number in
            let identity: JSON = ["product": .string("p\(number / 4)"), "code": .string("SKU-\(number)")]
            return (sku(number), [(Goods.identity, identity), (price, ["amount": .integer(Int64(100 + number % 90_000))])])
        } into: { store }
    }

    private static func batches(
        _ count: Int, _ goods: @escaping @Sendable (Int) -> (EntityRef, [(UnitName, JSON)]), into store: () -> Store
    ) async throws {
        let store = store()
        for start in stride(from: 0, to: count, by: 1_000) {
            let numbers = start..<min(start + 1_000, count)
            try await store.write { writing throws(StoreError) in
                for number in numbers {
                    let (entity, units) = goods(number)
                    try writing.create(entity)
                    for (name, value) in units {
                        _ = try writing.apply(
                            UnitWrite(UnitRef(entity, name), value, author: "bench", origin: .import))
                    }
                }
            }
        }
    }

    /// A product file as a shop exports it, one SKU a product.
    static func writeCSV(_ path: String, products: Int) throws {
        let words = "窑 青 瓷 茶 壶 白 釉 手 工 竹 木 山 水 云 松 石 river clay oak linen copper wool glass stone"
            .split(separator: " ").map(String.init)
        guard let file = fopen(path, "w") else { throw MeasuringFailed(description: "cannot write \(path)") }
        defer { fclose(file) }
        fputs(
            "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,Variant Requires Shipping,Variant Barcode,Image Src,Image Position\r\n",
            file)
        for number in 0..<products {
            let picked = (0..<30).map { words[(number &* 31 &+ $0 &* 17 &+ number / 7) % words.count] }
            let title = picked[..<5].joined(separator: " ")
            fputs(
                "goods-\(number),\(title) \(number),<p>\(picked.joined(separator: " "))</p>,Workshop \(number % 200),\(picked[0]),\"\(picked[1]), \(picked[2])\",true,Title,Default Title,SKU-\(number),\(100 + number % 900),\(number % 50),deny,\(10 + number % 990).00,\(20 + number % 990).00,true,,https://media.example.com/\(number).jpg,1\r\n",
                file)
        }
    }
}
