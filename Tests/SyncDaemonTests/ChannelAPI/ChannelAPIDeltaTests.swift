import Commerce
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import SyncDaemon

struct ChannelAPIDeltaTests {
    private let path = "/v1/channels/web/deltas"

    private func delta(_ members: String = "") -> String {
        "{\"entity\":{\"kind\":\"product\",\"id\":\"tea\"},\"unit\":\"text.zh-CN\",\"op\":\"set\",\"value\":{\"title\":\"龙井\"}\(members)}"
    }

    @Test(arguments: Reach.allCases)
    func `good deltas apply though others of the batch are refused`(reach: Reach) async throws {
        let world = HTTPWorld()
        let body = "{\"deltas\":[\(delta()),{\"entity\":\"product/tea\",\"unit\":\"text.en\",\"op\":\"sett\"},\(delta(",\"surprise\":1"))]}"
        try await world.visit(.public, reach) { client in
            let answer = try await client.send(.post, path, world.signed(.post, path, body: body), body)
            #expect(answer.status == .ok)
            #expect(try answer.json["results"]?.array?.compactMap { $0["index"]?.integer } == [0])
            let refused = try answer.json["rejected"]?.array ?? []
            #expect(refused.map { $0["index"] } == [1, 2])
            #expect(refused.map { $0["field"] } == ["op", "surprise"])
        }
        #expect(world.daemon.change { $0.applied.map(\.entity) } == [Samples.tea])
    }

    @Test func `the same message again gets the same answer and does nothing`() async throws {
        let world = HTTPWorld()
        let body = "{\"deltas\":[\(delta())]}"
        try await world.visit(.public) { client in
            let first = try await client.send(.post, path, world.signed(.post, path, body: body), body)
            let second = try await client.send(.post, path, world.signed(.post, path, body: body), body)
            #expect(first.text == second.text)
            #expect(second.status == .ok)
            let other = "{\"deltas\":[]}"
            let third = try await client.send(.post, path, world.signed(.post, path, body: other), other)
            #expect(third.status == .conflict)
            #expect(try third.code == "contradiction")
        }
        #expect(world.daemon.change { $0.applied.count } == 1)
    }

    @Test(arguments: [
        (",\"clock\":{\"ch:web:1\":1}", "dot"),
        (",\"clock\":{},\"dot\":{\"actor\":\"hub:main:1\",\"n\":1}", "dot.actor"),
        (",\"clock\":{},\"dot\":{\"actor\":\"ch:app:1\",\"n\":1}", "dot.actor"),
        (",\"clock\":{},\"dot\":{\"actor\":\"ch:web:1\",\"n\":7}", "dot.n"),
        (",\"clock\":{\"somebody\":1},\"dot\":{\"actor\":\"ch:web:1\",\"n\":1}", "clock"),
        (",\"clock\":{\"hub:main:1\":9007199254740992},\"dot\":{\"actor\":\"ch:web:1\",\"n\":1}", "clock"),
        (",\"clock\":{\"hub:main:1\":-1},\"dot\":{\"actor\":\"ch:web:1\",\"n\":1}", "clock"),
        (",\"stamp\":1760000300001", "stamp"),
        (",\"stamp\":\"yesterday\"", "stamp"),
        (",\"event\":\"\"", "event"),
    ])
    func `a delta that claims what it cannot is refused by its member`(members: String, field: String) async throws {
        let world = HTTPWorld()
        let body = "{\"deltas\":[\(delta(members))]}"
        try await world.visit(.public) { client in
            let answer = try await client.send(.post, path, world.signed(.post, path, body: body), body)
            #expect(answer.status == .ok)
            #expect(try answer.json["rejected"]?.array?.first?["field"]?.string == field)
        }
        #expect(world.daemon.change { $0.applied.isEmpty })
    }

    @Test(arguments: [
        ("{\"deltas\":[", 400, "json"), (String(repeating: "[", count: 100_000), 400, "json"),
        ("{\"deltas\":{}}", 422, "invalid"), ("[]", 422, "invalid"), ("{\"deltas\":[1,1,1,1,1,1]}", 422, "invalid"),
        ("{\"deltas\":[],\"deltas\":[]}", 400, "json"), ("{\"deltas\":[],\"role\":\"hub\"}", 422, "invalid"),
    ])
    func `a batch that cannot be read is refused whole`(body: String, status: Int, code: String) async throws {
        let world = HTTPWorld()
        try await world.visit(.public) { client in
            let answer = try await client.send(.post, path, world.signed(.post, path, body: body), body)
            #expect(answer.status.code == status)
            #expect(try answer.code == code)
            #expect(answer.headers[.contentType] == "application/problem+json")
        }
    }

    @Test func `a snapshot goes on where it was left, and names the cursor to follow`() async throws {
        let world = HTTPWorld()
        world.daemon.change { $0.feed = ["a", "b", "c"] }
        try await world.visit(.public) { client in
            let first = "/v1/channels/web/snapshot?limit=2"
            let page = try await client.send(.get, first, world.signed(.get, first)).json
            #expect(page["deltas"] == ["a", "b"])
            let second = "/v1/channels/web/snapshot?limit=2&after=\(page["next"]?.string ?? "")"
            let rest = try await client.send(.get, second, world.signed(.get, second)).json
            #expect(rest["deltas"] == ["c"])
            #expect(rest["next"] == .null)
            #expect(rest["cursor"] == "g1.2")
        }
    }

    @Test func `a cursor of another generation is gone`() async throws {
        let world = HTTPWorld()
        try await world.visit(.public) { client in
            let target = "\(path)?since=g0.5"
            let answer = try await client.send(.get, target, world.signed(.get, target))
            #expect(answer.status == .gone)
            #expect(try answer.json["type"] == "/problems/generation")
        }
    }
}
