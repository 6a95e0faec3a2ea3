import Commerce
import HTTPTypes
import Testing

@testable import SyncDaemon

/// The door that payment and logistics platforms call at.
@Suite struct GatewayRouteTests {
    private let proof: HTTPFields = [HTTPField.Name("X-Proof")!: "genuine"]

    @Test(arguments: Reach.allCases)
    func `a genuine callback is answered in the platform's own words, whatever its content type`(reach: Reach) async throws {
        let world = HTTPWorld()
        try await world.visit(.public, reach) { client in
            for type in ["application/json", "application/x-www-form-urlencoded", "text/xml"] {
                var headers = proof
                headers[.contentType] = type
                let answer = try await client.send(.post, "/v1/gateways/pay", headers, "a=1&b=2")
                #expect(answer.status == .ok && answer.text == "success")
            }
        }
        #expect(world.daemon.change { $0.done } == Array(repeating: "callback POST  7", count: 3))
    }

    @Test(arguments: Reach.allCases)
    func `one that does not prove itself is refused in the platform's words, and an unknown account is not there`(reach: Reach) async throws {
        let world = HTTPWorld()
        try await world.visit(.public, reach) { client in
            let refused = try await client.send(.post, "/v1/gateways/pay", [:], "a=1")
            let code = try refused.code
            #expect(refused.status == .unauthorized && code == "FAIL")
            let nobody = try await client.send(.post, "/v1/gateways/nobody", proof, "a=1")
            #expect(nobody.status == .notFound)
        }
        #expect(world.daemon.change { $0.done }.isEmpty)
    }

    @Test(arguments: Reach.allCases)
    func `what follows the account in the path reaches it, and so does a question whether somebody listens`(reach: Reach) async throws {
        let world = HTTPWorld()
        try await world.visit(.public, reach) { client in
            let kept = try await client.send(.post, "/v1/gateways/pay/s3cret", proof, "{}")
            let echo = try await client.send(.get, "/v1/gateways/pay?echostr=42", proof)
            #expect(kept.text == "success" && echo.text == "42")
        }
        #expect(world.daemon.change { $0.done } == ["callback POST s3cret 2", "callback GET  0"])
    }

    @Test func `a body beyond the limit is not read to its end`() async throws {
        var world = HTTPWorld()
        world.limits.callbackBytesMax = 64
        try await world.visit(.public) { client in
            let answer = try await client.send(.post, "/v1/gateways/pay", proof, String(repeating: "a", count: 65))
            #expect(answer.status == .contentTooLarge)
        }
    }

    @Test func `many callbacks from one address are taken where other requests would be held up`() async throws {
        var world = HTTPWorld()
        world.limits.sourceRate = Rate(perSecond: 1, burst: 2)
        try await world.visit(.public) { client in
            for _ in 0..<20 { #expect(try await client.send(.post, "/v1/gateways/pay", proof, "{}").status == .ok) }
            var refused = 0
            for _ in 0..<20 where try await client.send(.get, "/livez").status == .tooManyRequests { refused += 1 }
            #expect(refused > 0)
        }
    }

    @Test func `operators see the accounts, try their keys and make samples, each by his scope`() async throws {
        let world = HTTPWorld()
        try await world.visit(.admin) { client in
            func token(_ scope: String) -> HTTPFields { [.authorization: "Bearer heyi_\(scope)"] }
            let list = try await client.send(.get, "/admin/v1/gateways", token("read")).json
            #expect(list["data"]?.array?.first?["id"] == "pay")
            #expect(try await client.send(.post, "/admin/v1/gateways/pay/check", token("read")).status == .forbidden)
            let health = try await client.send(.post, "/admin/v1/gateways/pay/check", token("operate")).json
            #expect(health["level"] == "fine")
            #expect(try await client.send(.post, "/admin/v1/gateways/none/check", token("operate")).status == .notFound)
            #expect(try await client.send(.post, "/admin/v1/gateways/pay/samples/paid", token("operate")).status == .forbidden)
            let sample = try await client.send(.post, "/admin/v1/gateways/pay/samples/paid", token("admin")).json
            #expect(sample["body_base64"] == "e30=")
            #expect(try await client.send(.post, "/admin/v1/gateways/pay/samples/riddle", token("admin")).status == .unprocessableContent)
        }
    }
}
