import Commerce
import Crypto
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// In which language and currency somebody looks at goods; the usual one where nothing is said.
struct ShopLook: Hashable, Sendable {
    var locale: String?
    var currency: Currency?

    static let parameters: [RouteParameter] = [
        .query("locale", "The language of texts, such as `zh-CN`; another is taken where there is none in it."),
        .query("currency", "The currency of prices, such as `CNY`."),
    ]
}

extension ShopLook {
    init(locale: String?, currency: String?) throws(Problem) {
        if let locale, LanguageTag(locale) == nil { throw .invalid("locale", "must be a language tag such as zh-CN or en") }
        self.locale = locale
        if let currency, Currency(currency) == nil { throw .invalid("currency", "must be an ISO 4217 currency such as CNY") }
        self.currency = currency.flatMap { Currency($0) }
    }
}

extension Exchange {
    var look: ShopLook {
        get throws(Problem) { try ShopLook(locale: query("locale"), currency: query("currency")) }
    }

    /// Something that changes by itself, tagged by what it is; 304 for whoever holds it already.
    func tagged(_ value: JSON) -> Response {
        let bytes = value.bytes
        let tag = "\"\(Hexadecimal.text(Array(SHA256.hash(data: bytes).prefix(16))))\""
        var response =
            if let held = said(.ifNoneMatch), EntityTags(held).contain(tag) { Response(status: .notModified) } else { Response.json(value) }
        response.headers[.eTag] = tag
        // Prices are this channel's; whoever keeps it asks whether it still is so.
        response.headers[.cacheControl] = "private, no-cache"
        return response
    }
}
