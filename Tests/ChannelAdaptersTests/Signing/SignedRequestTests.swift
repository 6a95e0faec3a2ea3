import Commerce
import Testing

@testable import ChannelAdapters

struct SignedRequestTests {
    private static let then = Timestamp(milliseconds: 1_614_265_330_000)
    private static let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    private static let body = Array(#"{"lines":[{"sku":"cup-plum","add":2}]}"#.utf8)
    private static let headers = [
        "heyi-channel": "web", "heyi-member": "m-1", "idempotency-key": "k-1", "if-match": "\"3\"",
    ]

    private static func keys() throws -> StandardWebhooks {
        try StandardWebhooks(secrets: [Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")])
    }

    private static func request(
        _ method: String = "PATCH", _ target: String = "/v1/shop/cart", _ headers: [String: String] = headers, _ body: [UInt8] = body
    ) -> SignedRequest {
        SignedRequest(method: method, target: target, body: body) { headers[$0] }
    }

    // The codes were reckoned with another program, from the document.
    @Test func `the documented vectors are what is signed`() throws {
        let signed = try Self.keys().sign(Self.request(), id: Self.id, at: Self.then)
        #expect(signed.last?.value == "v2,BCVA7srZmmj7VmeV4cLyIAQBowAPiopMjPs+Ef8IaEc=")
        let read = Self.request("GET", "/v1/shop/products?limit=2", ["heyi-channel": "web"], [])
        #expect(try Self.keys().sign(read, id: Self.id, at: Self.then).last?.value == "v2,xubn6lgdj8sOqxwpn5z8PMciHdy+/lzv6h9aaoD0P4o=")
    }

    @Test func `nothing that says what is done can be altered`() throws {
        let fields = try Self.keys().sign(Self.request(), id: Self.id, at: Self.then)
        let keys = try Self.keys()
        func holds(_ request: SignedRequest) -> Bool {
            do throws(SignatureFault) {
                try keys.verify(request, at: Self.then) { name in fields.first { $0.name == name }?.value }
                return true
            } catch {
                return false
            }
        }
        #expect(holds(Self.request()))
        var altered = [
            Self.request("POST"), Self.request("PATCH", "/v1/shop/cart?x=1"), Self.request("PATCH", "/v1/shop/carts/a"),
            Self.request("PATCH", "/v1/shop/cart", Self.headers, Self.body + [0x20]), Self.request("PATCH", "/v1/shop/cart", Self.headers, []),
        ]
        for name in SignedRequest.headers {
            for value in ["other", ""] where Self.headers[name] ?? "" != value {
                var headers = Self.headers
                headers[name] = value.isEmpty ? nil : value
                altered.append(Self.request("PATCH", "/v1/shop/cart", headers))
            }
        }
        // What one header says cannot be said by the next.
        altered.append(
            Self.request("PATCH", "/v1/shop/cart", ["heyi-channel": "web", "heyi-member": "k-1", "idempotency-key": "m-1", "if-match": "\"3\""]))
        for request in altered { #expect(!holds(request)) }
    }

    @Test func `neither version is taken for the other`() throws {
        let keys = try Self.keys()
        let whole = try keys.sign(Self.request(), id: Self.id, at: Self.then)
        let plain = try keys.sign(id: Self.id, at: Self.then, payload: Self.body)
        for (fields, prefix) in [(whole, "v2,"), (whole, "v1,"), (plain, "v1,"), (plain, "v2,")] {
            let value = prefix + fields[2].value.dropFirst(3)
            func header(_ name: String) -> String? { name == "webhook-signature" ? value : fields.first { $0.name == name }?.value }
            let isWhole = fields[2].value.hasPrefix("v2,") && prefix == "v2,"
            let isPlain = fields[2].value.hasPrefix("v1,") && prefix == "v1,"
            #expect(((try? keys.verify(Self.request(), at: Self.then, header: header)) != nil) == isWhole)
            #expect(((try? keys.verify(payload: Self.body, at: Self.then, header: header)) != nil) == isPlain)
        }
    }
}
