import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Mall

extension ShopAPI {
    var goodsRoutes: [Route] { [list, detail, sku] }

    private static let condition = RouteParameter.header("If-None-Match", "The `ETag` held; 304 while it is still so.")

    private var list: Route {
        Route(
            .get, "\(ShopAPI.root)/products", .shop, .shop, "Products on this channel's shelf, in the order they were made",
            parameters: [
                .query("category", "Only those filed under this category itself."), .query("brand", "Only those of this brand."),
                .query("q", "Words that have to be in a title, the keywords or the tags, in any language; at most eight."),
            ] + ShopLook.parameters + RouteParameter.page + [ShopAPI.condition],
            answers: [
                .json("ShopProductList", "While `next` is not null there may be more, also where a page holds few or none."),
                .empty(304, "It is as it was."),
            ]
        ) { exchange in
            // Forms write a space as a plus, and that is all of an address they encode otherwise.
            let words = (exchange.query("q") ?? "").split { $0.isWhitespace || $0 == "+" }.map(String.init)
            guard words.count <= 8, words.allSatisfy({ $0.utf8.count <= 120 }) else {
                throw Problem.invalid("q", "must be at most eight words of at most 120 bytes")
            }
            let search = ShelfSearch(
                category: try exchange.id("category"), brand: try exchange.id("brand"), words: words)
            let page = try await desk.products(search, try exchange.look, try exchange.page(), for: try exchange.shopper)
            return exchange.tagged(page.json { $0 })
        }
    }

    private var detail: Route {
        Route(
            .get, "\(ShopAPI.root)/products/{id}", .shop, .shop, "One product with what is sold of it",
            parameters: ShopLook.parameters + [ShopAPI.condition],
            answers: [
                .json("ShopProduct", "With this channel's prices and what it is shown of the stock."), .empty(304, "It is as it was."),
                .problem(404, "Nothing of this id is on this channel's shelf."),
            ]
        ) { exchange in
            let id = try exchange.path("id")
            guard let product = EntityID(id) else { throw DeskError.notFound("product \(id.prefix(64))") }
            return exchange.tagged(try await desk.product(product, try exchange.look, for: try exchange.shopper))
        }
    }

    private var sku: Route {
        Route(
            .get, "\(ShopAPI.root)/skus/{id}", .shop, .shop, "One SKU: its price and what there is of it",
            parameters: ShopLook.parameters + [ShopAPI.condition],
            answers: [
                .json("ShopSKU", "This channel's price where it has its own."), .empty(304, "It is as it was."),
                .problem(404, "Nothing of this id is on this channel's shelf."),
            ]
        ) { exchange in
            let id = try exchange.path("id")
            guard let sku = EntityID(id) else { throw DeskError.notFound("SKU \(id.prefix(64))") }
            return exchange.tagged(try await desk.sku(sku, try exchange.look, for: try exchange.shopper))
        }
    }
}

extension Exchange {
    fileprivate func id(_ name: String) throws(Problem) -> EntityID? {
        guard let text = query(name) else { return nil }
        guard let id = EntityID(text) else { throw .invalid(name, "must be an id: 1 to 64 characters out of a-z 0-9 - _") }
        return id
    }
}
