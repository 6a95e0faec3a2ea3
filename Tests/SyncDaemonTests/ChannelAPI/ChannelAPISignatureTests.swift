import Commerce
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import SyncDaemon

struct ChannelAPISignatureTests {
    private let offer = "/v1/channels/web/capabilities"

    @Test(arguments: Reach.allCases)
    func `a channel that signs with its key sees its own view`(reach: Reach) async throws {
        let world = HTTPWorld()
        try await world.visit(.public, reach) { client in
            let answer = try await client.send(.get, offer, world.signed(.get, offer))
            #expect(answer.status == .ok)
            #expect(try answer.json["actor_prefix"] == "ch:web:")
        }
    }

    @Test func `an old key verifies while keys rotate`() async throws {
        let world = HTTPWorld()
        world.daemon.change { $0.keys["web"] = [Array("the new key of the web channel!!".utf8), HTTPWorld.key] }
        try await world.visit(.public) { client in
            let outcome = try await client.send(.get, offer, world.signed(.get, offer)).status
            #expect(outcome == .ok)
        }
    }

    @Test(arguments: Reach.allCases)
    func `every wrong signature gets the same refusal`(reach: Reach) async throws {
        let world = HTTPWorld()
        let genuine = world.signed(.get, offer)
        var forged: [HTTPFields] = []
        var fields = genuine
        fields[.webhookSignature] = "v1," + String(repeating: "A", count: 43) + "="
        forged.append(fields)
        fields[.webhookSignature] = genuine[.webhookSignature].map { String($0.dropLast(8)) }
        forged.append(fields)
        fields[.webhookSignature] = "v1,"
        forged.append(fields)
        fields[.webhookSignature] = nil
        forged.append(fields)
        fields = genuine
        fields[.webhookID] = "msg_2"
        forged.append(fields)
        forged.append(world.signed(.get, offer, age: 301))
        forged.append(world.signed(.get, offer, age: -301))
        forged.append(world.signed(.get, "/v1/channels/web/snapshot"))
        // Genuine, but another channel's.
        forged.append(world.signed(.get, offer, key: HTTPWorld.otherKey))
        for fields in forged {
            try await world.visit(.public, reach) { client in
                let answer = try await client.send(.get, offer, fields)
                #expect(answer.status == .unauthorized)
                #expect(try answer.code == "signature")
            }
        }
    }

    @Test func `a signature's time may be off as far as the configuration says, and no further`() async throws {
        var world = HTTPWorld()
        world.signatureWindow = .seconds(60)
        world.daemon.change { $0.signatureWindow = .seconds(60) }
        for (age, status) in [(60, HTTPResponse.Status.ok), (-60, .ok), (61, .unauthorized), (299, .unauthorized)] {
            let fields = world.signed(.get, offer, age: Int64(age))
            try await world.visit(.public) { client in
                let answer = try await client.send(.get, offer, fields)
                #expect(answer.status == status, "\(age) s old")
            }
        }
    }

    @Test func `an unknown channel and a wrong key cannot be told apart`() async throws {
        let world = HTTPWorld()
        try await world.visit(.public) { client in
            var bodies: [JSON] = []
            for name in ["web", "nobody", "no%20such", "..", "WEB"] {
                let path = "/v1/channels/\(name)/capabilities"
                let answer = try await client.send(.get, path, world.signed(.get, path, key: Array("wrong".utf8)))
                #expect(answer.status == .unauthorized)
                let json = try answer.json
                var object = try #require(json.object)
                object["request_id"] = nil
                object["trace_id"] = nil
                bodies.append(.object(object))
            }
            #expect(Set(bodies).count == 1)
        }
    }

    @Test func `a body that was changed after signing is refused unparsed`() async throws {
        let world = HTTPWorld()
        try await world.visit(.public) { client in
            let path = "/v1/channels/web/deltas"
            let headers = world.signed(.post, path, body: "{\"deltas\":[]}")
            let outcome = try await client.send(.post, path, headers, "{\"deltas\":[}").status
            #expect(outcome == .unauthorized)
        }
    }

    @Test func `channels have no say on the admin listener, nor operators on the public one`() async throws {
        let world = HTTPWorld()
        try await world.visit(.admin) { client in
            let outcome = try await client.send(.get, offer, world.signed(.get, offer)).status
            #expect(outcome == .notFound)
        }
        try await world.visit(.public) { client in
            let answer = try await client.send(.get, "/admin/v1/status", HTTPWorld.bearer(.admin), nil)
            #expect(answer.status == .notFound)
            #expect(try answer.code == "no_route")
        }
    }
}
