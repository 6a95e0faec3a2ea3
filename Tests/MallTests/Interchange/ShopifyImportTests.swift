import Commerce
import Mall
import Testing

@Suite struct ShopifyImportTests {
    static let header =
        "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,"
        + "Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,"
        + "Variant Requires Shipping,Variant Taxable,Image Src,Image Position,Image Alt Text,Gift Card\n"
    static let pot =
        "pot,Clay Pot,<p>Blown clay</p>,Company 123,Outdoor,\"Pot, Plants\",true,Size,Regular,P-R,350,1,deny,9.99,12,"
        + "true,true,https://x.example/1.jpg,1,one,false\n"
        + "pot,,,,,,,,Large,P-L,700,3,deny,15.99,,true,true,https://x.example/2.jpg,2,,\n"
    static let shirt =
        "shirt,Blue Shirt,Cotton,Company 123,,men,false,Title,Default Title,,0,5,continue,50,,true,true,,,,\n"

    @Test func `a product arrives with its SKUs, images, brand and leftover columns`() async throws {
        let shop = Interchange()
        let result = await shop.bring(Self.header + Self.pot + Self.shirt, as: .shopify)
        #expect(result.faults.isEmpty)
        #expect(result.report.records == 2)
        #expect(result.report.created == 2 + 3 + 1)
        let pot = try #require(await shop.catalog.units(.product, "shopify", "pot"))
        #expect(pot["text.en"] == ["title": "Clay Pot", "body": "<p>Blown clay</p>"])
        #expect(pot["shelf"] == ["state": "on"])
        #expect(pot["tags"] == ["Pot", "Plants"])
        #expect(pot["options"] == [["name": "Size", "values": ["Regular", "Large"]]])
        #expect(pot["attributes"] == ["type": "Outdoor"])
        #expect(pot["extra.shopify"] == ["Gift Card": "false"])
        #expect(pot["media"]?.array?.count == 2)
        let large = try #require(await shop.catalog.units(.sku, "sku", "P-L"))
        #expect(large["price.USD"] == ["amount": 1599])
        #expect(large["declared_stock"] == ["quantity": 3, "policy": "deny"])
        #expect(large["logistics"] == ["weight_g": 700, "requires_shipping": true])
        #expect(large["identity"]?["options"] == ["Large"])
        #expect(large["extra.shopify"] == ["Variant Taxable": "true"])
        let shirt = try #require(await shop.catalog.units(.product, "shopify", "shirt"))
        #expect(shirt["options"] == nil)
        #expect(shirt["shelf"] == ["state": "off"])
        #expect(await shop.catalog.count(.brand) == 1)
    }

    @Test(arguments: [1, 50, 65_536])
    func `the same file again writes nothing`(piece: Int) async {
        let shop = Interchange()
        let file = Self.header + Self.pot + Self.shirt
        _ = await shop.bring(file, as: .shopify, piece: piece)
        let before = await shop.catalog.unitsWritten
        let again = await shop.bring(file, as: .shopify, piece: piece)
        #expect(await shop.catalog.unitsWritten == before)
        #expect(again.report.unchanged == 5)
        #expect(again.report.changed == 0)
        #expect(again.report.created == 0)
    }

    @Test func `a dry run finds the same faults and writes nothing`() async {
        let shop = Interchange()
        let bad = Self.shirt.replacing("shirt", with: "coat").replacing(",50,", with: ",fifty,")
        let result = await shop.bring(Self.header + Self.pot + bad + Self.shirt, as: .shopify, dryRun: true)
        #expect(result.report.created == 6)
        #expect(result.faults.map(\.column) == ["Variant Price"])
        #expect(await shop.catalog.order.isEmpty)
    }

    @Test(arguments: [
        ("-5", "a price cannot be negative"), ("9.999", "more than 2 digits"), ("99999999999999999", "too large"),
        ("1,299.00", "without separators"), ("$9", "write digits"),
    ])
    func `a price that is none is refused with its line and column, and the other SKU applies`(
        price: String, reason: String
    ) async throws {
        let shop = Interchange()
        let file = Self.header + Self.pot.replacing("15.99", with: "\"\(price)\"")
        let result = await shop.bring(file, as: .shopify)
        let fault = try #require(result.faults.first)
        #expect(fault.line == 3)
        #expect(fault.column == "Variant Price")
        #expect(fault.excerpt == price)
        #expect(fault.reason.contains(reason))
        #expect(await shop.catalog.units(.sku, "sku", "P-R") != nil)
        #expect(await shop.catalog.units(.sku, "sku", "P-L") == nil)
    }

    @Test func `a SKU code twice in a file is refused the second time`() async throws {
        let shop = Interchange()
        let result = await shop.bring(Self.header + Self.pot.replacing("P-L", with: "P-R"), as: .shopify)
        let fault = try #require(result.faults.first)
        #expect(result.faults.count == 1)
        #expect(fault.description == "line 3, Variant SKU (\"P-R\"): the SKU code stands already on line 2")
    }

    @Test func `a SKU code of another product is refused`() async throws {
        let shop = Interchange()
        _ = await shop.bring(Self.header + Self.pot, as: .shopify)
        let other = Self.pot.replacing("pot,", with: "vase,").replacing("P-L", with: "V-L")
        let result = await shop.bring(Self.header + other, as: .shopify)
        #expect(result.faults.map(\.line) == [2])
        #expect(result.faults.first?.reason.contains("belongs to product/") == true)
        #expect(await shop.catalog.units(.sku, "sku", "V-L") != nil)
    }

    @Test func `a product whose rows do not stand together is taken once`() async throws {
        let shop = Interchange()
        let rows = Self.pot.split(separator: "\n").map { $0 + "\n" }
        let result = await shop.bring(Self.header + rows[0] + Self.shirt + rows[0], as: .shopify)
        #expect(result.faults.map(\.line) == [4])
        #expect(result.faults.first?.reason.contains("stands already on line 2") == true)
    }

    @Test func `a broken quote costs its row and says where it is`() async throws {
        let shop = Interchange()
        let broken = "mug,Mug 5\" wide,,,,,,,,,,,,,,,,,,,\n"
        let result = await shop.bring(Self.header + Self.pot + broken + Self.shirt, as: .shopify)
        #expect(result.faults.map(\.line) == [4])
        #expect(result.faults.first?.column == "Title")
        #expect(await shop.catalog.count(.product) == 2)
    }

    @Test func `rows after a lost first row do not empty the product`() async throws {
        let shop = Interchange()
        _ = await shop.bring(Self.header + Self.pot, as: .shopify)
        let before = await shop.catalog.picture
        let file = Self.header + Self.pot.replacing("<p>Blown clay</p>", with: "a\"b")
        let result = await shop.bring(file, as: .shopify)
        #expect(result.faults.map(\.line) == [2, 3])
        #expect(await shop.catalog.picture == before)
    }

    @Test func `scripts do not get in`() async throws {
        let shop = Interchange()
        let evil = "\"<p onclick=\"\"x()\"\">Hi<script>alert(1)</script></p>\""
        let file = Self.header + Self.shirt.replacing("Cotton", with: evil)
        let result = await shop.bring(file, as: .shopify)
        #expect(result.faults.isEmpty)
        let body = await shop.catalog.units(.product, "shopify", "shirt")?["text.en"]?["body"]?.string
        #expect(body == "<p>Hi</p>")
        let again = await shop.bring(file, as: .shopify)
        #expect(again.report.changed == 0)
    }

    @Test func `a picture that is none is left out with a warning, not its product`() async throws {
        let shop = Interchange()
        let result = await shop.bring(Self.header + Self.pot.replacing("https://x.example/2.jpg", with: "2.jpg"), as: .shopify)
        #expect(result.report.warnings == 1 && result.report.faults == 0)
        #expect(result.faults.first?.description.contains("Image Src (\"2.jpg\"): left out") == true)
        #expect(await shop.catalog.units(.product, "shopify", "pot")?["media"]?.array?.count == 1)
    }

    @Test func `a missing column is named, with what was probably meant`() async {
        let result = await Interchange().bring("Handel,Title\nx,y\n", as: .shopify)
        #expect(result.error?.description.contains("did you mean the column \"Handel\"?") == true)
        let semicolons = await Interchange().bring("Handle;Title\nx;y\n", as: .shopify)
        #expect(semicolons.error?.description.contains("separated by \";\"") == true)
    }

    @Test func `an empty file is an error, a header alone is none`() async {
        let empty = await Interchange().bring("", as: .shopify)
        #expect(empty.error?.description.contains("the file is empty") == true)
        let header = await Interchange().bring("\u{FEFF}" + Self.header, as: .shopify)
        #expect(header.error == nil)
        #expect(header.report.records == 0)
    }

    @Test func `GBK is named with the line and how to convert it`() async {
        var bytes = Array((Self.header + Self.shirt).utf8)
        bytes += Array("cha,".utf8) + [0xC2, 0xCC, 0xB2, 0xE8] + Array(",,,,,,,,,,,,,,,,,,,\n".utf8)
        let result = await Interchange().bring(bytes, as: .shopify)
        #expect(result.faults.map(\.line) == [3])
        #expect(result.faults.first?.description.contains("iconv -f GB18030") == true)
        #expect(result.report.created == 3)
    }

    @Test func `an unknown format names the known ones`() {
        let error = #expect(throws: InterchangeError.self) { try CatalogFormat.named("shopfy") }
        #expect(error?.description.contains("did you mean shopify?") == true)
    }
}

extension [UnitName: JSON] {
    subscript(name: String) -> JSON? { UnitName(name).flatMap { self[$0] } }
}
