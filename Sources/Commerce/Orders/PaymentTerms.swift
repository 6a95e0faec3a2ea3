/// How a buyer means to pay an attempt, and what the gateway is told of it.
///
/// Kept with the attempt: gateways take a number again only under the very words it was first told with,
/// so each try says the same ([the gateways' contract](docs/adding-a-gateway.md)).
package struct PaymentTerms: Hashable, Sendable {
    /// The gateway's own word for a way to pay, such as `jsapi`, `native` or `page`; nil for its usual one.
    package var way: String?
    /// What the buyer reads at the gateway.
    package var description: String?
    /// Whom the gateway knows the buyer as, where the way needs that: an openid, a buyer's id.
    package var payer: String?
    /// The address the buyer's client comes from, where the way needs that.
    package var clientAddress: String?
    /// Where the buyer's browser goes afterwards.
    package var returnURL: String?
    /// From when on the gateway takes no payment.
    package var expires: Timestamp?

    package init() {}
}

extension PaymentTerms {
    package static let names = ["way", "description", "payer", "client_address", "return_url", "expires"]

    package var json: JSON {
        .members([
            ("way", way.map(JSON.string)), ("description", description.map(JSON.string)), ("payer", payer.map(JSON.string)),
            ("client_address", clientAddress.map(JSON.string)), ("return_url", returnURL.map(JSON.string)),
            ("expires", expires.map { .integer($0.milliseconds) }),
        ])
    }

    /// - Throws: ``ValidationFailure`` about the first member that is wrong.
    package init(_ value: JSON, path: String = "") throws(ValidationFailure) {
        var reader = try ValueReader(value, path: path, allowed: PaymentTerms.names)
        if let word = try reader.text("way", max: 16) {
            guard word.utf8.allSatisfy({ (0x61...0x7A).contains($0) || $0 == 0x2D }) else {
                throw reader.fail("way", "must be small letters and dashes, such as jsapi or native")
            }
            way = word
        }
        description = try reader.text("description", max: 127)
        payer = try reader.printable("payer", max: 128)
        clientAddress = try reader.printable("client_address", max: 45)
        returnURL = try reader.printable("return_url", max: 512)
        if let url = returnURL, !url.hasPrefix("https://"), !url.hasPrefix("http://") {
            throw reader.fail("return_url", "must begin with https:// or http://")
        }
        expires = try reader.integer("expires", in: 0...253_402_300_799_999).map { Timestamp(milliseconds: $0) }
    }
}

extension ValueReader {
    /// ASCII without spaces, as codes and addresses are.
    fileprivate mutating func printable(_ name: String, max: Int) throws(ValidationFailure) -> String? {
        guard let text = try text(name, max: max) else { return nil }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw fail(name, "must be printable ASCII without spaces")
        }
        return text
    }
}

extension PaymentTerms {
    /// With what a gateway wants to know and the order knows: what it is for, and until when it may be paid.
    package func completed(by order: OrderState) -> PaymentTerms {
        var terms = self
        if terms.description == nil, let first = order.lines.first {
            let more = order.lines.count > 1 ? " …" : ""
            terms.description = String(first.line.title.prefix(40)) + more
        }
        if terms.expires == nil { terms.expires = order.placed?.paymentDue }
        return terms
    }

    /// Whether an attempt of these terms does for somebody who asks with those: what he does not say may be anything.
    package func isAsGood(as wanted: PaymentTerms) -> Bool {
        (wanted.way == nil || wanted.way == way) && (wanted.payer == nil || wanted.payer == payer)
            && (wanted.returnURL == nil || wanted.returnURL == returnURL)
    }
}
