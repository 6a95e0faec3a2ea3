import Commerce
import Mall
import Testing

@Suite struct WooImportTests {
    static let file = #"""
        ID,Type,SKU,Name,Published,Short description,Description,In stock?,Stock,Backorders allowed?,Weight (kg),Length (cm),Sale price,Regular price,Categories,Tags,Images,Parent,Attribute 1 name,Attribute 1 value(s),Attribute 1 visible,Attribute 2 name,Attribute 2 value(s),Attribute 2 visible,Upsells
        44,variable,woo-vneck,V-Neck,1,Short,Long\nline,1,,0,.5,24,,,Clothing > Tshirts,"soft, blue","https://x.example/a.jpg, https://x.example/b.jpg",,Color,"Blue, Red",1,Fabric,Cotton,0,woo-cap
        45,simple,woo-cap,Cap,-1,,,1,7,notify,0.6,,16,18,"Clothing > Accessories, Sale",,,,,,,,,,
        46,variation,woo-vneck-red,V-Neck - Red,1,,,1,3,0,,,,20,,,https://x.example/red.jpg,id:44,Color,Red,,,,,
        47,variation,woo-vneck-blue,V-Neck - Blue,0,,,0,,0,,,,15,,,,woo-vneck,Color,Blue,,,,,
        """#

    @Test func `variable products, variations and simple ones arrive`() async throws {
        let shop = Interchange(source: "woocommerce")
        let result = await shop.bring(Self.file, as: .woocommerce)
        #expect(result.faults.map(\.description) == [])
        let neck = try #require(await shop.catalog.units(.product, "woocommerce", "id:44"))
        #expect(neck["text.en"] == ["title": "V-Neck", "brief": "Short", "body": "Long\nline"])
        #expect(neck["options"] == [["name": "Color", "values": ["Blue", "Red"]]])
        #expect(neck["attributes"] == ["Fabric": "Cotton"])
        #expect(neck["extra.woocommerce"]?["Upsells"] == "woo-cap")
        #expect(neck["tags"] == ["soft", "blue"])
        let red = try #require(await shop.catalog.units(.sku, "sku", "woo-vneck-red"))
        #expect(red["identity"]?["options"] == ["Red"])
        #expect(red["price.USD"] == ["amount": 2000])
        #expect(red["shelf"] == ["state": "on"])
        let blue = try #require(await shop.catalog.units(.sku, "sku", "woo-vneck-blue"))
        #expect(blue["identity"]?["product"] == red["identity"]?["product"])
        let cap = try #require(await shop.catalog.units(.sku, "sku", "woo-cap"))
        #expect(cap["price.USD"] == ["amount": 1600, "compare_at": 1800])
        #expect(cap["logistics"] == ["weight_g": 600])
        #expect(cap["declared_stock"] == ["quantity": 7, "policy": "continue"])
        #expect(await shop.catalog.count(.category) == 4)
        let before = await shop.catalog.picture
        let again = await shop.bring(Self.file, as: .woocommerce)
        #expect(again.report.changed == 0)
        let exported = await shop.bring(try await shop.export(.woocommerce), as: .woocommerce)
        #expect(exported.faults.map(\.description) == [])
        #expect(await shop.catalog.picture == before)
    }

    @Test func `a variation of nobody is refused`() async throws {
        let shop = Interchange(source: "woocommerce")
        let result = await shop.bring(
            "ID,Type,Name,SKU,Parent\n5,variation,X,c,id:9\n6,variation,X,d,\n7,simple,Y,,\n,simple,Z,,\n", as: .woocommerce)
        #expect(result.faults.map(\.line) == [2, 3, 5])
        #expect(result.report.created == 2)
    }
}
