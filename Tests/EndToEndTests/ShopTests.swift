import Commerce
import Foundation
import Testing

extension EndToEnd {
    /// The shop API of the real daemon, asked by the example client in Python and by curl with openssl.
    @Suite struct ShopTests {
        private let client = "\(Repository.root)/docs/examples/shopper.py"
        private static let two: JSON = ["lines": [["sku": "cup-plum", "add": 2]]]

        @Test func `a shopper's backend finds goods and fills a cart, and a daemon that is killed forgets neither cart nor answer`() async throws {
            try await RunningHeyi.serving(visitors: ["app", "py"]) { heyi in
                try await heyi.write(Goods.cup, Goods.plum)
                #expect(try await heyi.heyi("stock", "move", "receive", "CUP-PLUM", "3", "--cause", "po-1").code == 0)
                let list = try await ask(heyi, "get", "/v1/shop/products?q=cup&limit=5")
                #expect(list["body"]?["data"]?.array?.first?["id"] == "cup", "\(list.text)")
                let product = try await ask(heyi, "get", "/v1/shop/products/cup?locale=zh-CN")
                #expect(product["body"]?["title"] == "公道杯", "\(product.text)")
                let sku = product["body"]?["skus"]?.array?.first
                #expect(sku?["stock"] == ["state": "in_stock", "quantity": 3] && sku?["price"]?["amount"] == 9_900, "\(product.text)")
                let tag = try #require(product["etag"]?.string)
                let unchanged = try await ask(heyi, "--if-none-match", tag, "get", "/v1/shop/products/cup?locale=zh-CN")
                #expect(unchanged["status"] == 304)

                let edit = ["--member", "m-1", "--key", "k-1", "patch", "/v1/shop/cart", Self.two.text]
                let first = try await ask(heyi, edit)
                #expect(first["status"] == 200 && first["etag"] == "\"2\"", "\(first.text)")
                await heyi.end(SIGKILL)
                try await heyi.start()
                #expect(try await ask(heyi, edit) == first)
                let cart = try await ask(heyi, "--member", "m-1", "get", "/v1/shop/cart")
                #expect(cart["body"]?["lines"] == [["sku": "cup-plum", "quantity": 2]], "\(cart.text)")

                let guest = try await ask(heyi, "post", "/v1/shop/carts", Self.two.text)
                let id = try #require(guest["body"]?["id"]?.string)
                let merged = try await ask(heyi, "--member", "m-1", "post", "/v1/shop/carts/\(id)/merge")
                #expect(merged["body"]?["lines"] == [["sku": "cup-plum", "quantity": 4]], "\(merged.text)")
                // Another channel, with its own secret, sees nothing of it.
                let strange = try await ask(heyi, channel: "py", "--member", "m-1", "get", "/v1/shop/carts/\(id)", code: 1)
                #expect(strange["status"] == 404)
                #expect(try await ask(heyi, channel: "py", "--member", "m-1", "get", "/v1/shop/cart")["body"]?["version"] == 0)
            }
        }

        @Test func `two shoppers want the last one, one gets it, and a daemon that is killed gives it to nobody else`() async throws {
            try await RunningHeyi.serving(visitors: ["app", "py"]) { heyi in
                try heyi.configure(extra: "payments:\n  trial: true")
                await heyi.end(SIGTERM)
                try await heyi.start()
                try await heyi.write(Goods.cup, Goods.plum)
                #expect(try await heyi.heyi("stock", "move", "receive", "CUP-PLUM", "1", "--cause", "po-1").code == 0)
                let line: JSON = ["lines": [["sku": "cup-plum", "quantity": 1]]]
                var orders: [(String, [String])] = []
                for channel in ["app", "py"] {
                    let quote = try await ask(heyi, channel: channel, "--member", "m-1", "post", "/v1/shop/quotes", line.text)
                    #expect(quote["body"]?["total"] == 9_900, "\(quote.text)")
                    let order: JSON = [
                        "quote": quote["body"]?["id"] ?? .null, "buyer": ["name": "李雷", "phone": "13800001234", "address": "1 Road"],
                    ]
                    orders.append((channel, ["--member", "m-1", "--key", "o-1", "post", "/v1/shop/orders", order.text]))
                }
                let calls = orders.map { arguments(heyi, $0, $1) }
                async let first = Binary.run(path: "python3", calls[0])
                async let second = Binary.run(path: "python3", calls[1])
                let answers = [try JSON.parse(try await first.text), try JSON.parse(try await second.text)]
                #expect(answers.compactMap { $0["status"]?.integer }.sorted() == [201, 409], "\(answers.map(\.text))")
                await heyi.end(SIGKILL)
                try await heyi.start()
                // Each is told again what it was told, to the letter.
                for (index, (channel, order)) in orders.enumerated() {
                    #expect(try await ask(heyi, channel: channel, order, code: nil) == answers[index])
                }
                let winner = answers[0]["status"] == 201 ? 0 : 1
                #expect(answers[1 - winner]["body"]?["missing"] == [["sku": "cup-plum", "wanted": 1, "available": 0]])
                let (channel, number) = (orders[winner].0, try #require(answers[winner]["body"]?["number"]?.string))
                let path = "/v1/shop/orders/\(number)"
                let opened = try await ask(
                    heyi, channel: channel, "--member", "m-1", "post", "\(path)/pay", #"{"gateway":"trial"}"#)
                #expect(opened["body"]?["amount"] == ["amount": 9_900, "currency": "CNY"], "\(opened.text)")
                let off = try await ask(heyi, channel: channel, "--member", "m-1", "post", "\(path)/cancel", #"{"reason":"changed my mind"}"#)
                #expect(off["body"]?["state"] == "cancelled", "\(off.text)")
                let sku = try await ask(heyi, "get", "/v1/shop/skus/cup-plum")
                #expect(sku["body"]?["stock"]?["quantity"] == 1)
                #expect(try await heyi.heyi("stock", "audit").code == 0)
            }
        }

        private static let hasTools = ["curl", "openssl"].allSatisfy { FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)") }

        @Test(.enabled(if: hasTools)) func `the document's curl and openssl are let in, and whoever alters what they signed is not`() async throws {
            try await RunningHeyi.serving(visitors: ["app"]) { heyi in
                try await heyi.write(Goods.cup, Goods.plum)
                let page = try String(contentsOfFile: "\(Repository.root)/docs/shop-api.md", encoding: .utf8)
                let blocks = page.components(separatedBy: "```sh\n").dropFirst().compactMap { $0.components(separatedBy: "```").first }
                let definition = try #require(blocks.first { $0.contains("shop() {") })
                let used = try #require(blocks.first { $0.contains("PATCH /v1/shop/cart") })
                let script = """
                    set -eu
                    \(definition)
                    HUB=\(heyi.publicURL) CHANNEL=app SECRET_FILE=\(heyi.folder.file("app.secret"))
                    \(used)
                    printf '\\n----\\n'
                    MEMBER=m-1 shop GET /v1/shop/cart
                    printf '\\n----\\n'
                    # The signature is of one member, the header of another.
                    curl() { command curl "$@" -H 'Heyi-Member: m-2'; }
                    MEMBER=m-1 shop GET /v1/shop/cart
                    printf '\\n----\\n'
                    curl() { command curl "$@" -G --data-urlencode limit=5; }
                    shop GET /v1/shop/products
                    """
                try heyi.folder.write(script, to: "shop.sh")
                let outcome = try await Binary.run(path: "sh", [heyi.folder.file("shop.sh")])
                #expect(outcome.code == 0, "\(outcome.all)")
                let parts = outcome.text.components(separatedBy: "\n----\n")
                #expect(parts.count == 4, "\(outcome.all)")
                guard parts.count == 4 else { return }
                for part in parts.prefix(2) {
                    #expect(part.hasPrefix("HTTP/1.1 200") && part.contains(#"{"quantity":2,"sku":"cup-plum"}"#), "\(part)")
                }
                for part in parts.suffix(2) { #expect(part.hasPrefix("HTTP/1.1 401"), "\(part)") }
                let signed = try await heyi.heyi(
                    "webhook", "sign", "--secret-file", heyi.folder.file("app.secret"), "--channel", "app", "--shop", "GET /v1/shop/cart",
                    "--header", "Heyi-Member: m-1")
                try heyi.folder.write(signed.text, to: "headers")
                let answer = try await Binary.run(
                    path: "curl", ["-sS", "-H", "@\(heyi.folder.file("headers"))", "\(heyi.publicURL)/v1/shop/cart"])
                #expect(try JSON.parse(answer.text)["lines"]?.array?.count == 1, "\(signed.all) \(answer.all)")
                for part in parts { #expect(!part.lowercased().contains("access-control-allow"), "\(part)") }
            }
        }

        private func ask(_ heyi: RunningHeyi, channel: String = "app", _ arguments: String..., code: Int32 = 0) async throws -> JSON {
            try await ask(heyi, channel: channel, arguments, code: code)
        }

        private func ask(_ heyi: RunningHeyi, channel: String = "app", _ arguments: [String], code: Int32? = 0) async throws -> JSON {
            let outcome = try await Binary.run(path: "python3", self.arguments(heyi, channel, arguments))
            if let code { #expect(outcome.code == code, "\(arguments): \(outcome.all)") }
            return try JSON.parse(outcome.text)
        }

        private func arguments(_ heyi: RunningHeyi, _ channel: String, _ rest: [String]) -> [String] {
            ["-B", client, "--hub", heyi.publicURL, "--channel", channel, "--secret-file", heyi.folder.file("\(channel).secret")] + rest
        }
    }
}
