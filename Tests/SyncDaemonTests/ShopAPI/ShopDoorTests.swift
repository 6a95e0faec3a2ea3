import Commerce
import HTTPTypes
import TestKit
import Testing

@testable import SyncDaemon

struct ShopDoorTests {
    private let path = "/v1/shop/cart"
    private let edit = #"{"lines":[{"sku":"cup-plum","add":1}]}"#

    @Test func `a channel that signs the whole request shops for the member it names`() async throws {
        let world = try await ShopWorld()
        try await world.visit { shop in
            let answer = try await shop.get("/cart", member: "m-1")
            #expect(answer.status == .ok)
            #expect(try answer.json["member"] == "m-1")
        }
    }

    @Test func `whoever alters a header, the query or the body is refused like a stranger`() async throws {
        let world = try await ShopWorld()
        let headers = ["heyi-channel": "web", "heyi-member": "m-1", "idempotency-key": "k-1", "if-match": "\"0\""]
        func signed(_ method: HTTPRequest.Method, _ target: String, _ body: String) -> HTTPFields {
            ShopClient.signed(method, target, body, headers, key: HTTPWorld.key, at: world.http.time.now())
        }
        let genuine = signed(.patch, path, edit)
        var forged: [(String, HTTPFields, String)] = [
            (path, signed(.post, path, edit), edit), (path, signed(.patch, "/v1/shop/carts/a", edit), edit), ("\(path)?a=1", genuine, edit),
            (path, genuine, edit.replacing("1", with: "9")),
        ]
        for (name, value) in [
            (HTTPField.Name.heyiMember, "m-2"), (.heyiMember, nil), (.heyiChannel, "app"), (.heyiChannel, nil), (.heyiChannel, "nobody"),
            (.idempotencyKey, "k-2"), (.idempotencyKey, nil), (.ifMatch, nil), (.ifNoneMatch, "*"), (.webhookID, "msg_2"),
            (.webhookTimestamp, "1759999999"), (.webhookSignature, "v1,AAAA"), (.webhookSignature, nil),
        ] as [(HTTPField.Name, String?)] {
            var fields = genuine
            fields[name] = value
            forged.append((path, fields, edit))
        }
        var doubled = genuine
        doubled.append(HTTPField(name: .heyiMember, value: "m-2"))
        forged.append((path, doubled, edit))
        // The first version says nothing of who shops, so it does not open this door.
        var first = world.http.signed(.patch, path, body: edit)
        for (name, value) in headers { first[try #require(HTTPField.Name(name))] = value }
        forged.append((path, first, edit))
        let attempts = forged
        try await world.visit { shop in
            for (target, fields, body) in attempts {
                let answer = try await shop.client.send(.patch, target, fields, body)
                #expect(answer.status == .unauthorized, "\(fields)")
                #expect(try answer.code == "signature")
            }
            let genuine = try await shop.client.send(.patch, path, genuine, edit).status
            #expect(genuine == .ok)
        }
    }

    @Test func `a signature that is too old or too new does not open`() async throws {
        let world = try await ShopWorld()
        let now = world.http.time.now()
        try await world.visit { shop in
            for (age, status) in [(-301, HTTPResponse.Status.unauthorized), (-299, .ok), (299, .ok), (301, .unauthorized)] {
                let fields = ShopClient.signed(
                    .get, path, "", ["heyi-channel": "web", "heyi-member": "m"], key: HTTPWorld.key, at: now + .seconds(age))
                let answer = try await shop.client.send(.get, path, fields)
                #expect(answer.status == status, "\(age)")
            }
        }
    }

    @Test func `a member that is none is named, and only to the channel`() async throws {
        let world = try await ShopWorld()
        try await world.visit { shop in
            for member in ["M-1", "a b", "ünï", String(repeating: "m", count: 65)] {
                let answer = try await shop.get("/cart", member: member)
                #expect(answer.status == .unprocessableContent || answer.status == .unauthorized, "\(member)")
                if answer.status == .unprocessableContent { #expect(try answer.json["field"] == "Heyi-Member") }
            }
        }
    }

    @Test func `one channel's shoppers do not use up another's rate, nor the channel's own`() async throws {
        var world = try await ShopWorld()
        world.http.limits.shopRate = Rate(perSecond: 1, burst: 2)
        let offer = "/v1/channels/web/capabilities"
        let signed = world.http.signed(.get, offer)
        try await world.visit { shop in
            var statuses: [Int] = []
            for _ in 0..<3 { statuses.append(try await shop.get("/cart", member: "m").status.code) }
            #expect(statuses == [200, 200, 429])
            let refused = try await shop.get("/cart", member: "another")
            #expect(refused.headers[.retryAfter] != nil)
            let other = try await shop.get("/cart", member: "m", channel: "app").status
            #expect(other == .ok)
            let own = try await shop.client.send(.get, offer, signed).status
            #expect(own == .ok)
        }
    }

    @Test func `browsers of other sites are not let in`() async throws {
        let world = try await ShopWorld()
        try await world.visit { shop in
            let answer = try await shop.get("/cart", member: "m", ["origin": "https://evil.example"])
            let access = try #require(HTTPField.Name("access-control-allow-origin"))
            #expect(answer.headers[access] == nil)
            let asked = try await shop.client.send(.options, path, [.origin: "https://evil.example"])
            #expect(asked.status == .methodNotAllowed && asked.headers[access] == nil)
        }
    }
    @Test func `backends behind a proxy of ours have rates of their own, and a stranger's word for an address is none`() async throws {
        var world = try await ShopWorld()
        world.http.limits.sourceRate = Rate(perSecond: 0.001, burst: 1)
        for (proxies, statuses) in [(["127.0.0.1"], [200, 200, 429]), ([], [200, 429, 429])] {
            world.http.limits.trustedProxies = proxies.compactMap { AddressRange($0) }
            let open = world
            let seen = try await open.http.visit(.public, .live) { client in
                let shop = ShopClient(world: open, client: client)
                var seen: [Int] = []
                for address in ["192.0.2.1", "192.0.2.2", "192.0.2.1"] {
                    seen.append(try await shop.get("/cart", member: "m", ["x-forwarded-for": address]).status.code)
                }
                return seen
            }
            #expect(seen == statuses, "\(proxies)")
        }
    }
}
