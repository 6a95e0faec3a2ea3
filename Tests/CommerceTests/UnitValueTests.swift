import Commerce
import Testing

/// What each unit makes of good and of bad values.
@Suite struct UnitValueTests {
    private func unit(_ kind: EntityKind, _ name: String) throws -> UnitDefinition {
        try UnitCatalog.definition(kind, try #require(UnitName(name)))
    }

    private func normal(_ kind: EntityKind, _ name: String, _ value: JSON) throws -> JSON {
        try unit(kind, name).validate(value)
    }

    private func refusal(_ kind: EntityKind, _ name: String, _ value: JSON) throws -> String {
        let definition = try unit(kind, name)
        return try #require(#expect(throws: ValidationFailure.self) { _ = try definition.validate(value) }).description
    }

    @Test func `texts are trimmed and null members left out`() throws {
        let value: JSON = ["title": "  紫砂壶\u{3000}", "brief": .null, "keywords": ""]
        #expect(try normal(.product, "text.zh-CN", value) == ["title": "紫砂壶"])
    }

    @Test func `a text keeps the bytes of its characters, composed or not`() throws {
        let decomposed: JSON = ["title": "cafe\u{301}"]
        #expect(try normal(.product, "text.fr", decomposed).bytes == decomposed.bytes)
        #expect(decomposed != ["title": "caf\u{E9}"])
    }

    @Test func `a body loses its scripts and keeps its Chinese`() throws {
        let value: JSON = ["title": "壶", "body": "<p onclick=\"x()\">好<script>alert(1)</script>茶</p>"]
        #expect(try normal(.product, "text.zh-CN", value) == ["title": "壶", "body": "<p>好茶</p>"])
    }

    @Test func `the first wrong member of a text is named`() throws {
        #expect(try refusal(.product, "text.en", ["body": "x"]) == "title: is required")
        #expect(try refusal(.product, "text.en", ["title": " "]) == "title: must not be empty")
        #expect(try refusal(.product, "text.en", ["title": 7]) == "title: must be a string, got number")
        #expect(try refusal(.product, "text.en", ["title": "a", "boddy": "x"]).contains("did you mean \"body\"?"))
        #expect(try refusal(.product, "text.en", ["title": "a\nb"]) == "title: contains a line break")
        #expect(try refusal(.product, "text.en", ["title": "a\u{1}b"]) == "title: contains the control character U+0001")
        #expect(try refusal(.product, "text.en", ["title": "a\u{85}b"]).contains("U+0085"))
        #expect(try refusal(.product, "text.en", ["title": .string(String(repeating: "壶", count: 256))]).contains("255"))
        #expect(try refusal(.product, "text.en", ["title": "a", "body": "x\u{0}y"]).contains("U+0000"))
        let huge = String(repeating: "x", count: 256 * 1024 + 1)
        #expect(try refusal(.product, "text.en", ["title": "a", "body": .string(huge)]) == "body: is longer than 256 KiB")
    }

    @Test func `255 Chinese characters make a title`() throws {
        let value: JSON = ["title": .string(String(repeating: "壶", count: 255))]
        #expect(try normal(.product, "text.zh-CN", value) == value)
    }

    @Test func `prices are whole minor units in range`() throws {
        let value: JSON = ["amount": 0, "compare_at": 129_900, "tax_included": true, "from": 1, "until": 2]
        #expect(try normal(.sku, "price.CNY@web", value) == value)
        #expect(try refusal(.sku, "price.CNY", ["amount": -1]) == "amount: must be 0…9007199254740991, got -1")
        #expect(try refusal(.sku, "price.CNY", ["amount": 9_007_199_254_740_992]).contains("got 9007199254740992"))
        #expect(try refusal(.sku, "price.CNY", ["amount": .decimal("8.99")]) == "amount: must be a whole number, got a fraction or a number too large")
        #expect(try refusal(.sku, "price.CNY", ["amount": "899"]) == "amount: must be a whole number, got string")
        #expect(try refusal(.sku, "price.CNY", ["amount": 1, "from": 5, "until": 5]) == "until: must be later than from")
    }

    @Test func `sets drop what is named twice and keep their order`() throws {
        #expect(try normal(.product, "tags", ["茶", " pot ", "茶", "pot", "a"]) == ["茶", "pot", "a"])
        #expect(try normal(.product, "categories", ["c1", "c0", "c1"]) == ["c1", "c0"])
        #expect(try refusal(.product, "tags", ["a", ""]) == "[1]: must not be empty")
        #expect(try refusal(.product, "tags", ["a", 5]) == "[1]: must be a string, got number")
        #expect(try refusal(.product, "categories", ["No Id"]) == "[0]: must be a category's id")
    }

    @Test func `media are pictures or videos of the web`() throws {
        let video: JSON = ["url": "https://cdn.example/壶.mp4", "kind": "video"]
        #expect(try normal(.product, "media", [["url": "HTTP://cdn.example/a.jpg"], video])
            == [["url": "HTTP://cdn.example/a.jpg", "kind": "image"], video])
        for url in ["javascript:alert(1)", "ftp://x/y", "http://", "https://:80/x", "https://a b/", "//cdn/x"] {
            #expect(try refusal(.product, "media", [["url": .string(url)]]).hasPrefix("[0].url: "), "\(url)")
        }
        #expect(try refusal(.product, "media", [["url": "https://a/b", "kind": "pdf"]]) == "[0].kind: must be \"image\" or \"video\"")
    }

    @Test func `a barcode shaped as a GTIN must have its check digit`() throws {
        for code in ["4006381333931", "96385074", "036000291452", "10614141000415", "SHOP-7", "12345"] {
            #expect(try normal(.sku, "barcode", ["code": .string(code)]) == ["code": .string(code)])
        }
        for code in ["4006381333930", "96385075", "036000291453"] {
            #expect(try refusal(.sku, "barcode", ["code": .string(code)]).contains("check digit"), "\(code)")
        }
    }

    @Test func `small units refuse what they cannot mean`() throws {
        #expect(try refusal(.product, "life", ["state": "gone"]) == "state: must be \"live\" or \"deleted\"")
        #expect(try refusal(.product, "shelf", ["state": "on", "on_at": 9, "off_at": 3]) == "off_at: must be later than on_at")
        #expect(try refusal(.product, "brand", ["id": "b1", "name": "Yi"]) == "needs either id or name")
        #expect(try refusal(.product, "visibility", ["shown": 1]) == "shown: must be true or false, got number")
        #expect(try refusal(.product, "order_limit", ["quantity": 0]).contains("1…1000000"))
        #expect(try refusal(.product, "options", [["name": "Size"]]) == "[0].values: is required")
        #expect(try refusal(.product, "options", [1, 2, 3, 4]) == "has 4 elements, at most 3 are allowed")
        #expect(try refusal(.sku, "logistics", ["origin_country": "cn"]).contains("two capital letters"))
        #expect(try refusal(.sku, "identity", ["code": "A"]) == "product: is required")
        #expect(try refusal(.sku, "declared_stock", ["quantity": 5, "policy": "maybe"]).contains("\"deny\" or \"continue\""))
        #expect(try refusal(.category, "place", ["parent": "A B"]).hasPrefix("parent: must be an id"))
        #expect(try refusal(.product, "attributes", ["size": 5]) == "size: must be a string, got number")
        #expect(try refusal(.product, "life", []) == "must be an object, got array")
    }

    @Test func `foreign columns come back as they went in`() throws {
        let value: JSON = ["Gift Card": "false", "Google Shopping / 性别": "女\n男", "Empty": ""]
        #expect(try normal(.product, "extra.shopify", value) == value)
    }

    @Test func `a normal form is its own normal form`() throws {
        let values: [(EntityKind, String, JSON)] = [
            (.product, "text.en", ["title": " a ", "body": "<ul><li>x<li>y</ul> & <b>z"]),
            (.product, "tags", ["b ", "b", "a"]),
            (.product, "media", [["url": "https://a/b", "alt": " x "]]),
            (.sku, "identity", ["product": "p1", "options": []]),
        ]
        for (kind, name, value) in values {
            let once = try normal(kind, name, value)
            #expect(try normal(kind, name, once) == once)
        }
    }
}
