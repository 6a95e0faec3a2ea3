import Commerce
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import SyncDaemon

struct WebhooksCallbackTests {
    private let path = "/v1/callbacks/web"
    private let body = "{\"type\":\"changed\",\"data\":{\"entities\":[]}}"

    @Test(arguments: Reach.allCases)
    func `a callback is kept as it came before it is answered`(reach: Reach) async throws {
        let world = HTTPWorld()
        try await world.visit(.public, reach) { client in
            let answer = try await client.send(.post, path, world.signed(.post, path, body: body), body)
            #expect(answer.status == .noContent)
        }
        let kept = world.daemon.change { $0.callbacks["web/msg_1"] }
        #expect(kept?.body == Array(body.utf8))
        #expect(kept?.received == Samples.now)
    }

    @Test func `a callback that comes again has no effect, one that says otherwise is set aside`() async throws {
        let world = HTTPWorld()
        let other = "{\"type\":\"changed\"}"
        try await world.visit(.public) { client in
            var statuses: [Int] = []
            for text in [body, body, other] {
                statuses.append(try await client.send(.post, path, world.signed(.post, path, body: text), text).status.code)
            }
            #expect(statuses == [204, 204, 409])
        }
        #expect(world.daemon.change { $0.callbacks.count } == 1)
    }

    @Test func `a callback that could not be kept is asked for again`() async throws {
        let world = HTTPWorld()
        world.daemon.change { $0.callbackFault = .unavailable("the disk is full", retryAfter: .seconds(30)) }
        try await world.visit(.public) { client in
            let answer = try await client.send(.post, path, world.signed(.post, path, body: body), body)
            #expect(answer.status == .serviceUnavailable)
            #expect(answer.headers[.retryAfter] == "30")
            #expect(try answer.code == "unavailable")
        }
    }

    @Test func `streams that take all their places leave callbacks theirs`() async throws {
        var world = HTTPWorld()
        world.limits.places[.stream] = 0
        world.limits.places[.exchange] = 0
        let built = world
        let offer = "/v1/channels/web/capabilities"
        try await built.visit(.public) { client in
            let refused = try await client.send(.get, offer, built.signed(.get, offer))
            #expect(refused.status == .serviceUnavailable)
            #expect(refused.headers[.retryAfter] == "1")
            let answer = try await client.send(.post, path, built.signed(.post, path, body: body), body)
            #expect(answer.status == .noContent)
        }
    }
}
