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
                for part in parts { #expect(!part.lowercased().contains("access-control-allow"), "\(part)") }
            }
        }

        private func ask(_ heyi: RunningHeyi, channel: String = "app", _ arguments: String..., code: Int32 = 0) async throws -> JSON {
            try await ask(heyi, channel: channel, arguments, code: code)
        }

        private func ask(_ heyi: RunningHeyi, channel: String = "app", _ arguments: [String], code: Int32 = 0) async throws -> JSON {
            let outcome = try await Binary.run(
                path: "python3",
                ["-B", client, "--hub", heyi.publicURL, "--channel", channel, "--secret-file", heyi.folder.file("\(channel).secret")]
                    + arguments)
            #expect(outcome.code == code, "\(arguments): \(outcome.all)")
            return try JSON.parse(outcome.text)
        }
    }
}
