import Commerce
import HTTPTypes
import Store
import TestKit
import Testing

@testable import SyncDaemon

struct ShopGoodsTests {
    @Test func `a channel's shoppers see its shelf, its prices and what there is`() async throws {
        let world = try await ShopWorld()
        try await world.receive("cup-plum", 7)
        try await world.visit { shop in
            let list = try await shop.get("/products").json
            #expect(list["data"]?.array?.map { $0["id"] } == ["cup"] && list["next"]?.isNull == true)
            let row = try #require(list["data"]?[0])
            #expect(row["price"] == ["from": 9_900, "to": 10_900, "currency": "CNY"] && row["stock"] == "in_stock")
            let product = try await shop.get("/products/cup?locale=zh-CN").json
            #expect(product["title"] == "公道杯" && product["locale"] == "zh-CN")
            for (asked, given) in [("en-GB", "en"), ("zh-Hant-TW", "en"), ("zh-CN", "zh-CN"), ("fr", "en")] {
                let text = try await shop.get("/products/cup?locale=\(asked)").json
                #expect(text["locale"]?.string == given, "\(asked)")
            }
            let skus = product["skus"]?.array ?? []
            #expect(skus.map { $0["id"] } == ["cup-plum", "cup-jade"])
            #expect(skus[0]["price"] == ["amount": 9_900, "currency": "CNY", "compare_at": 12_900, "until": .null])
            #expect(skus[0]["stock"] == ["state": "in_stock", "quantity": 7] && skus[0]["can_be_bought"] == true)
            #expect(skus[1]["stock"] == ["state": "out", "quantity": 0] && skus[1]["can_be_bought"] == false)
            // Each channel has its own price before everybody's, and nobody is told what it cost to buy.
            let app = try await shop.get("/skus/cup-plum", channel: "app")
            #expect(try app.json["price"]?["amount"] == 8_800)
            #expect(!app.text.contains("cost") && !product.text.contains("4000"))
            let abroad = try await shop.get("/skus/cup-plum?currency=USD").json
            #expect(abroad["price"]?.isNull == true && abroad["can_be_bought"] == false)
        }
    }

    @Test func `what is not on this channel's shelf does not exist for it`() async throws {
        let now = ManualTime().now().milliseconds
        let world = try await ShopWorld([
            "product/later": ["shelf": ["state": "on", "on_at": .integer(now + 60_000)]],
            "product/over": ["shelf": ["state": "on", "off_at": .integer(now)]],
            "product/never": ["text.en": ["title": "No shelf"]], "product/gone": ["shelf": ["state": "on"], "life": ["state": "deleted"]],
            "product/apps": ["shelf": ["state": "on"], "visibility": ["shown": false], "visibility@app": ["shown": true]],
            "sku/apps-1": ["identity": ["product": "apps"]], "sku/lost": ["identity": ["product": "nothing"]],
        ])
        try await world.visit { shop in
            for path in [
                "/products/later", "/products/over", "/products/never", "/products/gone", "/products/apps", "/skus/apps-1", "/skus/lost",
                "/products/cup", "/skus/No%20ID",
            ] {
                let answer = try await shop.get(path)
                #expect(answer.status == .notFound, "\(path)")
            }
            #expect(try await shop.get("/products").json["data"] == [])
            #expect(try await shop.get("/products", channel: "app").json["data"]?[0]?["id"] == "apps")
            #expect(try await shop.get("/skus/apps-1", channel: "app").status == .ok)
            world.http.time.advance(by: .seconds(61))
            #expect(try await shop.get("/products/later").status == .ok)
        }
    }

    @Test func `lists are found by category, brand and words, page by page`() async throws {
        var units: [String: [String: JSON]] = [:]
        for number in 100..<125 {
            units["product/p\(number)"] = [
                "text.en": ["title": .string("Thing \(number)"), "keywords": "Gift 礼物"], "shelf": ["state": number % 5 == 0 ? "off" : "on"],
                "categories": number % 2 == 0 ? ["even", "all"] : ["all"], "brand": ["id": number < 110 ? "old" : "new"], "tags": ["Daily use"],
            ]
        }
        let world = try await ShopWorld(units)
        try await world.visit { shop in
            func all(_ query: String, limit: Int = 3) async throws -> [String] {
                var found: [String] = []
                var next: String?
                repeat {
                    let after = next.map { "&after=\($0)" } ?? ""
                    let page = try await shop.get("/products?limit=\(limit)\(query)\(after)").json
                    let ids = page["data"]?.array?.compactMap { $0["id"]?.string } ?? []
                    #expect(ids.count <= limit)
                    found += ids
                    next = page["next"]?.string
                } while next != nil
                return found
            }
            let on = (100..<125).filter { $0 % 5 != 0 }
            #expect(try await all("") == on.map { "p\($0)" })
            #expect(try await all("&category=even") == on.filter { $0 % 2 == 0 }.map { "p\($0)" })
            #expect(try await all("&brand=old", limit: 200) == on.filter { $0 < 110 }.map { "p\($0)" })
            #expect(try await all("&category=even&brand=new") == on.filter { $0 % 2 == 0 && $0 >= 110 }.map { "p\($0)" })
            #expect(try await all("&q=thing+112") == ["p112"])
            #expect(try await all("&q=%E7%A4%BC%E7%89%A9+DAILY").count == on.count)
            #expect(try await all("&q=nothing") == [])
            #expect(try await all("&category=none") == [])
            for (query, field) in [
                ("category=No", "category"), ("limit=0", "limit"), ("after=x", "after"), ("currency=XXQ", "currency"), ("locale=_", "locale"),
                ("q=a+b+c+d+e+f+g+h+i", "q"),
            ] {
                let answer = try await shop.get("/products?\(query)")
                #expect(try answer.status == .unprocessableContent && answer.json["field"]?.string == field, "\(query)")
            }
        }
    }

    @Test func `goods are found by what they are now`() async throws {
        let world = try await ShopWorld()
        try await world.write([
            "product/cup": ["categories": ["gifts"], "brand": ["name": "Nobody's"]], "product/pot": ["shelf": ["state": "on"]],
            "sku/cup-jade": ["identity": ["product": "pot", "code": "CUP-JADE"]],
        ])
        try await world.visit { shop in
            for query in ["category=tea-ware", "brand=jingde"] {
                let page = try await shop.get("/products?\(query)")
                #expect(try page.json["data"] == [], "\(query)")
            }
            #expect(try await shop.get("/products?category=gifts").json["data"]?[0]?["id"] == "cup")
            #expect(try await shop.get("/products/cup").json["skus"]?.array?.map { $0["id"] } == ["cup-plum"])
            #expect(try await shop.get("/products/pot").json["skus"]?.array?.map { $0["id"] } == ["cup-jade"])
        }
    }

    @Test func `who holds the answer already is told so, until something of it changes`() async throws {
        let world = try await ShopWorld()
        try await world.visit { shop in
            for path in ["/products", "/products/cup", "/skus/cup-plum"] {
                let first = try await shop.get(path)
                let tag = try #require(first.headers[.eTag])
                #expect(first.headers[.cacheControl] == "private, no-cache")
                let held = try await shop.get(path, ["if-none-match": "W/\(tag)"])
                #expect(held.status == .notModified && held.text.isEmpty && held.headers[.eTag] == tag, "\(path)")
                try await world.receive("cup-plum", 1, cause: path)
                let now = try await shop.get(path, ["if-none-match": tag])
                #expect(now.status == .ok || path == "/products" && now.status == .notModified)
            }
        }
    }

    @Test func `a channel's policy says how much is shown, and whether in numbers`() async throws {
        let world = try await ShopWorld()
        try await world.receive("cup-plum", 10)
        let policy = try PublishingPolicy(cap: 4)
        try await world.store.write { writing throws(StoreError) in
            try writing.putChannel(Samples.id("web"), settings: ["stock_shown": "words"])
            try writing.setStockRule(Samples.reference("sku/cup-plum"), at: .main, backorderLimit: 0, alertBelow: 11)
            try writing.setPublishingPolicy(policy, of: Samples.id("app"))
        }
        try await world.visit { shop in
            let web = try await shop.get("/skus/cup-plum").json
            #expect(web["stock"] == ["state": "low", "quantity": .null])
            let app = try await shop.get("/skus/cup-plum", channel: "app").json
            #expect(app["stock"] == ["state": "low", "quantity": 4])
        }
    }

    @Test func `answers have exactly the members their schemas list`() async throws {
        let world = try await ShopWorld()
        try await world.visit { shop in
            for (path, schema) in [
                ("/products", "ShopProductList"), ("/products/cup", "ShopProduct"), ("/skus/cup-plum", "ShopSKU"), ("/cart", "Cart"),
            ] {
                let answer = try await shop.get(path, member: "m").json
                try HTTPDescriptionTests.compare(answer, named: schema)
            }
        }
    }
}
