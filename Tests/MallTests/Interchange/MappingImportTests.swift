import Commerce
import Foundation
import Mall
import Testing

@Suite struct MappingImportTests {
    static let cup = """
        {"id": 7, "sn": "S7", "name": "青瓷茶杯", "brief": "手工", "keywords": "茶", "brand": "窑家", "category": ["餐厨", "茶具"],
        "is_on_sale": 1, "unit": "件", "counter_price": "119.00", "picture": "http://x.example/7.png",
        "detail_html": "<p>好杯</p><script>x()</script>", "skus": [
        {"id": 70, "specifications": ["大", "青"], "price": "99.00", "stock": 3, "picture": ""},
        {"id": 71, "specifications": ["小", "青"], "price": "89.9", "stock": 0, "picture": "http://x.example/71.png"}]}
        """.replacing("\n", with: "") + "\n"

    private func mapping() throws -> CatalogMapping {
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../deploy/mappings/litemall-goods.json")
        return try CatalogMapping(JSON.parse(Data(contentsOf: path)))
    }

    @Test func `goods of another mall arrive whole by the mapping file in deploy`() async throws {
        let shop = Interchange(source: "litemall", locale: "zh-CN", currency: "CNY")
        let result = await shop.bring(Self.cup, as: .jsonl, mapping: try mapping())
        #expect(result.faults.isEmpty)
        let cup = try #require(await shop.catalog.units(.product, "litemall", "7"))
        #expect(cup["text.zh-CN"] == ["title": "青瓷茶杯", "brief": "手工", "keywords": "茶", "body": "<p>好杯</p>"])
        #expect(cup["shelf"] == ["state": "on"])
        #expect(cup["unit_of_sale"] == ["name": "件"])
        #expect(cup["options"] == [["name": "规格", "values": ["大", "小"]], ["name": "款式", "values": ["青"]]])
        #expect(cup["media"] == [["url": "http://x.example/7.png", "kind": "image"]])
        let small = try #require(await shop.catalog.units(.sku, "sku", "S7-71"))
        #expect(small["price.CNY"] == ["amount": 8990, "compare_at": 11900])
        #expect(small["declared_stock"] == ["quantity": 0])
        #expect(small["identity"]?["options"] == ["小", "青"])
        let shelf = try #require(await shop.catalog.units(.category, "title", "餐厨 > 茶具"))
        let parent = try #require(await shop.catalog.resolve([Alias(.category, "title", "餐厨")])[0])
        #expect(shelf["place"]?["parent"]?.string == parent.text)
        #expect(await shop.catalog.units(.brand, "title", "窑家")?["text.zh-CN"] == ["title": "窑家"])
        let before = await shop.catalog.unitsWritten
        _ = await shop.bring(Self.cup, as: .jsonl, mapping: try mapping())
        #expect(await shop.catalog.unitsWritten == before)
    }

    @Test func `a renamed category keeps its products`() async throws {
        let shop = Interchange(source: "litemall", locale: "zh-CN", currency: "CNY")
        _ = await shop.bring(Self.cup, as: .jsonl, mapping: try mapping())
        let id = try #require(await shop.catalog.resolve([Alias(.category, "title", "餐厨 > 茶具")])[0])
        var units = try #require(await shop.catalog.live([EntityRef(.category, id)])[0])
        units[UnitName("text.zh-CN")!] = ["title": "茶器"]
        await shop.catalog.put(EntityRef(.category, id), units)
        let before = await shop.catalog.picture
        _ = await shop.bring(Self.cup.replacing("茶具", with: "茶器"), as: .jsonl, mapping: try mapping())
        #expect(await shop.catalog.picture == before)
    }

    @Test func `a CSV is mapped too, its rows grouped by a column`() async throws {
        let mapping = try CatalogMapping(
            JSON.parse(
                """
                {"format": "heyi-mapping/1", "group": "Item No.", "product": {"key": "Item No.",
                 "units": {"text.{locale}": {"title": "Name"}, "tags": {"$from": "Labels", "$split": "|"}}},
                 "skus": {"each": "rows", "key": "Code", "units": {"identity": {"code": "Code"},
                 "price.{currency}": {"amount": {"$from": "Price", "$as": "money"}},
                 "logistics": {"weight_g": {"$from": "kg", "$as": "scaled", "$digits": 3}}}}}
                """))
        let shop = Interchange(source: "erp")
        let file = "Item No.,Name,Labels,Code,Price,kg\nA,Cup,tea|blue,A1,1.5,0.25\nA,,,A2,x,1\nB,Pot,,B1,3,\n"
        let result = await shop.bring(file, as: .csv, mapping: mapping)
        #expect(result.faults.map(\.column) == ["Price"])
        #expect(await shop.catalog.units(.product, "erp", "A")?["tags"] == ["tea", "blue"])
        #expect(await shop.catalog.units(.sku, "sku", "A1")?["logistics"] == ["weight_g": 250])
        #expect(await shop.catalog.units(.sku, "sku", "B1")?["price.USD"] == ["amount": 300])
    }

    @Test(arguments: [
        (#"{"format":"x"}"#, "format"), (#"{"format":"heyi-mapping/1","prodct":{}}"#, "did you mean \"product\"?"),
        (#"{"format":"heyi-mapping/1","product":{"key":"a..b"}}"#, "is no path"),
        (#"{"format":"heyi-mapping/1","product":{"key":{"$from":"a","$as":"mony"}}}"#, "did you mean money?"),
    ])
    func `a mapping file that makes no sense is refused in words`(text: String, expected: String) throws {
        let error = #expect(throws: InterchangeError.self) { try CatalogMapping(JSON.parse(text)) }
        #expect(error?.description.contains(expected) == true)
    }

    @Test func `bad lines are named and the others apply`() async throws {
        let shop = Interchange(source: "jsonl")
        let file = """
            {"kind":"brand","id":"b1","units":{"text.en":{"title":"Kiln"}}}
            {"kind":"brand","id":"b2","units":{"text.en":{"titel":"Kiln"}}}
            {"kind":"brnd","id":"b3","units":{}}
            {"kind":"brand","id":"b4"
            {"kind":"product","key":"p1","units":{"text.en":{"title":"Cup"},"brand":{"id":{"name":"Kiln"}}}}
            {"kind":"sku","key":"s1","units":{"identity":{"product":{"key":"p1"},"code":"C"},"price.USD":{"amount":-1}}}
            {"kind":"sku","key":"s2","units":{"identity":{"product":{"key":"p9"}}}}
            """
        let result = await shop.bring(file, as: .jsonl)
        #expect(result.faults.map(\.line) == [2, 3, 4, 6, 7])
        #expect(result.faults[1].reason.contains("did you mean \"brand\"?"))
        #expect(result.report.created == 2 + 1)
        #expect(await shop.catalog.units(.product, "jsonl", "p1")?["text.en"] == ["title": "Cup"])
    }
}
