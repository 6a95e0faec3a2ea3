import ChannelAdapters
import ChannelSimulators
import Commerce
import Testing

@Suite struct ServerDoorTests {
    @Test func `what is not signed, or signed wrong, late or for something else, is answered 401`() async throws {
        try await OpenShop.with(.deltaWithClocks) { open async throws in
            let body = Array("{\"entities\":[]}".utf8)
            #expect(try await open.send(.get, "/capabilities").status == 401)
            #expect(try await open.sendSigned(.get, "/capabilities").status == 200)
            #expect(try await open.sendSigned(.get, "/capabilities", secret: "whsec_b3RoZXI=").status == 401)
            #expect(try await open.sendSigned(.get, "/capabilities", age: 300).status == 200)
            #expect(try await open.sendSigned(.get, "/capabilities", age: 301).status == 401)
            #expect(try await open.sendSigned(.get, "/capabilities", age: -301).status == 401)
            #expect(try await open.sendSigned(.get, "/snapshot?limit=1", payload: Array("GET /snapshot?limit=2".utf8)).status == 401)
            #expect(try await open.sendSigned(.get, "/snapshot?limit=1").status == 200)
            #expect(try await open.sendSigned(.post, "/read", body: body).status == 200)
            let refusal = try await open.sendSigned(.post, "/read", body: body, payload: Array("{\"entities\":[1]}".utf8))
            #expect(refusal.status == 401)
            #expect(refusal["content-type"] == "application/problem+json")
            #expect(try JSON.parse(refusal.body)["type"] == "unauthorized")
        }
    }

    @Test func `while secrets rotate either is let in`() async throws {
        try await OpenShop.with(.deltaWithClocks, secrets: ["whsec_bmV3", OpenShop.secret]) { open async throws in
            #expect(try await open.sendSigned(.get, "/capabilities", secret: "whsec_bmV3").status == 200)
            #expect(try await open.sendSigned(.get, "/capabilities").status == 200)
        }
    }

    @Test func `a plain shop asks for its bearer token`() async throws {
        try await OpenShop.with(.plain) { open async throws in
            #expect(try await open.send(.get, "/about").status == 401)
            #expect(try await open.send(.get, "/about", headers: [("Authorization", "Bearer other")]).status == 401)
            #expect(try await open.send(.get, "/about", headers: [("Authorization", "Bearer \(OpenShop.secret)")]).status == 200)
        }
    }

    @Test func `what cannot be read is answered with a problem that says so`() async throws {
        try await OpenShop.with(.deltaWithClocks) { open async throws in
            let broken = try await open.sendSigned(.post, "/deltas", body: Array("{".utf8))
            #expect(broken.status == 400)
            let listless = try await open.sendSigned(.post, "/deltas", body: Array("{\"from\":0,\"to\":1}".utf8))
            #expect(listless.status == 422)
            #expect(try JSON.parse(listless.body)["field"] == "deltas")
            #expect(try await open.sendSigned(.get, "/deltas?since=other:1").status == 410)
            #expect(try await open.sendSigned(.get, "/nothing").status == 404)
        }
    }
}
