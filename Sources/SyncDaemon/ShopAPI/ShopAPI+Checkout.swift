import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Mall
import Store

extension ShopAPI {
    var checkoutRoutes: [Route] { [quote, checkout] }

    private var quote: Route {
        changing(
            .post, "/quotes", "Price a cart or lines, and have the prices promised for a while",
            body: .json(bytesMax: limits.bodyBytesMax, schema: "QuoteOrder"),
            answers: [
                .json("Quote", "It holds no goods; `expires_at` says until when it can become an order.", status: 201),
                .problem(404, "No cart of this id here, or another member's."),
            ]
        ) { exchange, shopper, key in
            try await desk.quote(try QuoteOrder(exchange), for: shopper, once: key)
        }
    }

    private var checkout: Route {
        changing(
            .post, "/orders", "Make an order of a quote: all its goods, coupons and points, or nothing",
            body: .json(bytesMax: limits.bodyBytesMax, schema: "CheckoutOrder"),
            answers: [
                .json("ShopOrder", "Placed, its goods held until `payment_due`.", status: 201),
                .json("ShopOrder", "The quote became this order before."),
                .problem(404, "No quote of this id here, or somebody else's."),
                .problem(409, "Goods, a coupon or points are not there any more; or the first request is still being worked on."),
                .problem(410, "The quote's time is over: ask for a new one."),
            ],
            headers: { body in
                guard let number = body["number"]?.string else { return [:] }
                return [.location: "\(ShopAPI.root)/orders/\(number)"]
            }
        ) { exchange, shopper, key in
            try await desk.checkout(try CheckoutOrder(exchange), for: shopper, once: key)
        }
    }
}

extension QuoteOrder {
    private static let idBytesMax = 64

    fileprivate init(_ exchange: Exchange) throws {
        let object = try exchange.object(["cart", "lines", "currency", "locale", "coupons", "points", "destination", "pick_up"])
        cart = try object.text("cart", bytesMax: QuoteOrder.idBytesMax)
        lines = try object["lines"].map { value throws(Problem) in try QuoteOrder.lines(value) }
        if cart != nil, lines != nil { throw Problem.invalid("lines", "goes without `cart`: one or the other is bought") }
        if cart == nil, lines == nil, try exchange.shopper.member == nil {
            throw Problem.invalid("cart", "is required of a guest, or `lines` in its place")
        }
        look = try ShopLook(locale: object.text("locale"), currency: object.text("currency"))
        coupons = try QuoteOrder.texts(object, "coupons", max: Checkout.couponsMax)
        points = try AdminAPI.whole(object, "points") ?? 0
        destination = object["destination"] == nil ? nil : Region(try QuoteOrder.texts(object, "destination", max: 8))
        pickUp = try AdminAPI.warehouse(object, "pick_up")
    }

    private static func lines(_ value: JSON) throws(Problem) -> [Basket.Line] {
        guard let array = value.array else { throw .invalid("lines", "must be an array") }
        guard array.count <= PricedOrder.linesMax else {
            throw .invalid("lines", "holds \(array.count) lines; an order has at most \(PricedOrder.linesMax)")
        }
        var lines: [Basket.Line] = []
        for (index, line) in array.enumerated() {
            let place = "lines[\(index)]"
            guard let object = line.object else { throw .invalid(place, "must be an object, got \(line.typeName)") }
            for name in object.names where !["sku", "quantity"].contains(name) {
                throw .invalid("\(place).\(name)", "is not a member of a line; prices are ours, known are quantity, sku")
            }
            guard let sku = object["sku"]?.string.flatMap({ EntityID($0) }) else { throw .invalid("\(place).sku", "must be the id of a SKU") }
            guard let quantity = object["quantity"]?.integer, (1...StockQuantity.movedMax).contains(quantity) else {
                throw .invalid("\(place).quantity", "must be a whole number from 1 to \(StockQuantity.movedMax)")
            }
            lines.append(Basket.Line(sku: sku, quantity: quantity))
        }
        return lines
    }

    private static func texts(_ object: JSONObject, _ name: String, max count: Int) throws(Problem) -> [String] {
        guard let value = object[name], !value.isNull else { return [] }
        guard let array = value.array, array.count <= count else { throw .invalid(name, "must be an array of at most \(count) texts") }
        var texts: [String] = []
        for (index, element) in array.enumerated() {
            guard let text = element.string, (1...idBytesMax).contains(text.utf8.count) else {
                throw .invalid("\(name)[\(index)]", "must be a text of 1 to \(idBytesMax) bytes")
            }
            texts.append(text)
        }
        return texts
    }
}

extension CheckoutOrder {
    fileprivate init(_ exchange: Exchange) throws {
        let object = try exchange.object(["quote", "buyer", "remark"])
        quote = try object.requiredText("quote", bytesMax: 64)
        guard let buyer = object["buyer"]?.object else { throw Problem.invalid("buyer", "must be an object with name, phone and address") }
        for name in buyer.names where !["name", "phone", "address"].contains(name) {
            throw Problem.invalid("buyer.\(name)", "is not a member of a buyer; known are address, name, phone")
        }
        func said(_ name: String) throws(Problem) -> String {
            do throws(Problem) { return try buyer.text(name) ?? "" } catch {
                throw .invalid("buyer.\(name)", "must be a plain text of at most 1024 bytes")
            }
        }
        let (name, phone, address) = (try said("name"), try said("phone"), try said("address"))
        let remark = try object.text("remark")
        do throws(ValidationFailure) {
            delivery = try Delivery(name: name, phone: phone, address: address, remark: remark)
        } catch { throw Problem.invalid(error.field, error.reason) }
    }
}
