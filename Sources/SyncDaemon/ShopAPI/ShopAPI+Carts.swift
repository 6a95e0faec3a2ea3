import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Store

extension ShopAPI {
    var cartRoutes: [Route] { [open, own, guests] + [edit("/cart"), edit("/carts/{id}")] + [merge] }

    /// A thousand lines fit twice over.
    private var cartBody: Route.Body { .json(bytesMax: limits.bodyBytesMax, schema: "CartEdits") }
    private static let condition = RouteParameter.header("If-None-Match", "The `ETag` held; 304 while it is still the cart's.")

    private var open: Route {
        changing(
            .post, "/carts", "Open a cart for a guest", body: cartBody,
            answers: [.json("Cart", "Its id is all there is to find it by: keep it secret.", status: 201)],
            headers: { body in
                var fields = ShopAPI.tag(body)
                if let id = body["id"]?.string { fields[.location] = "\(ShopAPI.root)/carts/\(id)" }
                return fields
            }
        ) { exchange, shopper, key in
            guard shopper.member == nil else {
                throw Problem.invalid("Heyi-Member", "a member has a cart already, at \(ShopAPI.root)/cart; this opens one for a guest")
            }
            return try await desk.openCart(try ShopAPI.edits(exchange, mayBeEmpty: true), for: shopper, once: key)
        }
    }

    private var own: Route {
        Route(
            .get, "\(ShopAPI.root)/cart", .shop, .shop, "The member's cart", parameters: [ShopAPI.condition],
            answers: [
                .json("Cart", "Empty, of version 0 and without an id, where the member never had one."),
                .empty(304, "It is as it was."),
            ]
        ) { exchange in
            let shopper = try exchange.member
            guard let cart = try await desk.cart(nil, for: shopper) else {
                return ShopAPI.answer(["id": .null, "version": 0, "member": .string(shopper.member?.text ?? ""), "lines": []], exchange)
            }
            return ShopAPI.answer(cart.json, exchange)
        }
    }

    private var guests: Route {
        Route(
            .get, "\(ShopAPI.root)/carts/{id}", .shop, .shop, "A guest's cart, or one's own by its id", parameters: [ShopAPI.condition],
            answers: [
                .json("Cart", "In the order the lines were put in."), .empty(304, "It is as it was."),
                .problem(404, "No cart of this id here, or another member's."),
                .problem(410, "It went into a member's cart."),
            ]
        ) { exchange in
            let id = try exchange.path("id")
            guard let cart = try await desk.cart(id, for: try exchange.shopper) else { throw DeskError.notFound("cart \(id)") }
            guard cart.mergedInto == nil else { throw Problem.mergedCart }
            return ShopAPI.answer(cart.json, exchange)
        }
    }

    private func edit(_ path: String) -> Route {
        changing(
            .patch, path, path == "/cart" ? "Edit the member's cart" : "Edit a cart by its id",
            parameters: [.header("If-Match", "The `ETag` the edits were made on; lines others changed since are not overwritten.")],
            body: cartBody,
            answers: [.json("Cart", "As it is now, with what others did meanwhile.")]
                + (path == "/cart" ? [] : [
                    .problem(404, "No cart of this id here, or another member's."),
                    .problem(410, "It went into a member's cart."),
                ]) + [.problem(412, "Others changed the same lines; `cart` is what it is now, `conflicts` says which lines.")],
            headers: ShopAPI.tag
        ) { exchange, shopper, key in
            let cart = path == "/cart" ? nil : try exchange.path("id")
            if cart == nil { _ = try exchange.member }
            let order = CartOrder(cart: cart, edits: try ShopAPI.edits(exchange), base: try exchange.seenVersion)
            return try await desk.edit(order, for: shopper, once: key)
        }
    }

    private var merge: Route {
        changing(
            .post, "/carts/{id}/merge", "Put a guest's cart into the member's", body: .none,
            answers: [
                .json("Cart", "The member's cart. Said again it changes nothing."),
                .problem(404, "No cart of this id here, or another member's."),
                .problem(409, "It went into another member's cart before; or the first request is still being worked on."),
            ], headers: ShopAPI.tag
        ) { exchange, _, key in
            try await desk.merge(try exchange.path("id"), for: try exchange.member, once: key)
        }
    }
}

extension ShopAPI {
    @Sendable static func tag(_ body: JSON) -> HTTPFields {
        let cart = body["cart"] ?? body
        guard let version = cart["version"]?.integer else { return [:] }
        return [.eTag: "\"\(version)\""]
    }

    /// A cart, or 304 where the one who asks has it already.
    static func answer(_ cart: JSON, _ exchange: Exchange) -> Response {
        var response = Response.json(cart)
        let fields = tag(cart)
        if let held = exchange.said(.ifNoneMatch), let now = fields[.eTag], EntityTags(held).contain(now) {
            response = Response(status: .notModified)
        }
        for field in fields { response.headers.append(field) }
        return response
    }

    private static func edits(_ exchange: Exchange, mayBeEmpty: Bool = false) throws -> [CartEdit] {
        let object = try exchange.object(["lines"])
        guard let lines = object["lines"]?.array ?? (mayBeEmpty && object["lines"] == nil ? [] : nil) else {
            throw Problem.invalid("lines", "must be an array")
        }
        guard lines.count <= Cart.linesMax else {
            throw Problem.invalid("lines", "holds \(lines.count) edits; one request has at most \(Cart.linesMax)")
        }
        var edits: [CartEdit] = []
        for (index, line) in lines.enumerated() { edits.append(try edit(line, "lines[\(index)]")) }
        return edits
    }

    private static func edit(_ line: JSON, _ place: String) throws(Problem) -> CartEdit {
        guard let object = line.object else { throw .invalid(place, "must be an object, got \(line.typeName)") }
        for name in object.names where !["sku", "add", "set"].contains(name) {
            throw .invalid("\(place).\(name)", "is not a member of an edit; known are add, set, sku")
        }
        guard let text = object["sku"]?.string, let id = EntityID(text) else {
            throw .invalid("\(place).sku", "must be the id of a SKU")
        }
        let sku = EntityRef(.sku, id)
        switch (object["add"], object["set"]) {
        case (let more?, nil): return .add(sku, try quantity(more, "\(place).add", from: 1))
        case (nil, let all?): return .set(sku, try quantity(all, "\(place).set", from: 0))
        default: throw .invalid(place, "needs either add or set")
        }
    }

    private static func quantity(_ value: JSON, _ field: String, from least: Int64) throws(Problem) -> Int64 {
        guard let quantity = value.integer, (least...StockQuantity.movedMax).contains(quantity) else {
            throw .invalid(field, "must be a whole number from \(least) to \(StockQuantity.movedMax), got \(value.text.prefix(40))")
        }
        return quantity
    }
}

extension Exchange {
    /// The shopper, who must be a member here.
    var member: Shopper {
        get throws(Problem) {
            let shopper = try self.shopper
            guard shopper.member != nil else { throw .invalid("Heyi-Member", "is required here: guests have carts at \(ShopAPI.root)/carts") }
            return shopper
        }
    }

    /// The version in `If-Match`; nil where any will do.
    fileprivate var seenVersion: Int64? {
        get throws(Problem) {
            guard let text = said(.ifMatch), text != "*" else { return nil }
            // A proxy that compresses makes a tag weak; it names the same version.
            let strong = text.hasPrefix("W/") ? text.dropFirst(2) : text[...]
            guard strong.count > 2, strong.hasPrefix("\""), strong.hasSuffix("\""), let version = Int64(strong.dropFirst().dropLast()),
                version >= 0
            else { throw .invalid("If-Match", "must be the ETag of a cart, such as \"7\"") }
            return version
        }
    }
}

extension Problem {
    static var mergedCart: Problem {
        Problem(.gone, "merged", "This cart went into a member's cart.", next: "GET \(ShopAPI.root)/cart as the member")
    }

    /// Others changed the same lines meanwhile; nothing was done.
    static func staleCart(_ cart: Cart, _ conflicts: [EntityRef]) -> Problem {
        var problem = Problem(
            .preconditionFailed, "stale_cart",
            "\(conflicts.count) of the lines were changed by somebody else meanwhile; `cart` is what it is now. Nothing was done.",
            next: "look at `cart`, and send what is still wanted with its version and a new Idempotency-Key")
        problem.members["cart"] = cart.json
        problem.members["conflicts"] = .array(conflicts.map { .string($0.id.text) })
        return problem
    }
}

extension Cart {
    var json: JSON {
        [
            "id": .string(id), "version": .integer(version), "member": member.map { .string($0.text) } ?? .null,
            "lines": .array(lines.map { ["sku": .string($0.sku.id.text), "quantity": .integer($0.quantity)] }),
        ]
    }
}
