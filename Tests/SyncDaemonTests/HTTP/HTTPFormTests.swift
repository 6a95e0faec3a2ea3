import Commerce
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import TestKit
import Testing

@testable import SyncDaemon

struct HTTPFormTests {
    private let callback = "/v1/callbacks/web"

    @Test(arguments: Reach.allCases)
    func `every refusal is a problem document`(reach: Reach) async throws {
        let world = HTTPWorld()
        let big = String(repeating: "x", count: (256 << 10) + 1)
        var text = world.signed(.post, callback, body: "hello")
        text[.contentType] = "text/plain"
        let plain = text
        let cases: [(HTTPRequest.Method, String, HTTPFields, String?, Int)] = [
            (.get, "/nowhere", [:], nil, 404), (.get, "/v1//x/%00/%zz", [:], nil, 404),
            (.get, callback, [:], nil, 405), (.delete, "/livez", [:], nil, 405),
            (.post, callback, world.signed(.post, callback, body: big), big, 413), (.post, callback, plain, "hello", 415),
            (.post, callback, [.contentType: "application/json"], "{}", 401),
        ]
        for (method, path, headers, body, status) in cases {
            try await world.visit(.public, reach) { client in
                let answer = try await client.send(method, path, headers, body)
                #expect(answer.status.code == status, "\(method) \(path)")
                #expect(answer.headers[.contentType] == "application/problem+json")
                let json = try answer.json
                #expect(json["status"]?.integer == Int64(status))
                #expect(json["code"]?.string?.isEmpty == false)
                #expect(json["request_id"]?.string == answer.headers[.requestID])
            }
        }
    }

    @Test func `a method that is not answered names those that are`() async throws {
        let world = HTTPWorld()
        try await world.visit(.public) { client in
            let answer = try await client.send(.put, "/v1/channels/web/deltas")
            #expect(answer.headers[.allow] == "GET, POST")
        }
    }

    @Test func `a fault of ours shows nothing of itself`() async throws {
        struct Secret: Error { let password = "hunter2" }
        let problem = Problem.from(Secret())
        #expect(problem.status == .internalServerError)
        #expect(!problem.json(requestID: nil, trace: nil).text.contains("hunter2"))
    }

    @Test func `browsers are told to stay inside`() async throws {
        let world = HTTPWorld()
        try await world.visit(.admin) { client in
            for path in ["/livez", "/nowhere", "/"] {
                let answer = try await client.send(.get, path)
                #expect(answer.headers[.contentSecurityPolicy]?.contains("default-src 'self'") == true)
                #expect(answer.headers[.contentSecurityPolicy]?.contains("frame-ancestors 'none'") == true)
                #expect(answer.headers[.xContentTypeOptions] == "nosniff")
                #expect(answer.headers[.referrerPolicy] == "no-referrer")
            }
        }
    }

    @Test func `a trace is continued and a broken one begun anew`() async throws {
        let world = HTTPWorld()
        try await world.visit(.public) { client in
            let trace = "0af7651916cd43dd8448eb211c80319c"
            let answer = try await client.send(.get, "/livez", [.traceparent: "00-\(trace)-b7ad6b7169203331-01"])
            #expect(answer.headers[.traceparent]?.hasPrefix("00-\(trace)-") == true)
            #expect(answer.headers[.traceparent]?.hasSuffix("-01") == true)
            let other = try await client.send(.get, "/livez", [.traceparent: "00-\(trace)-XYZ-01"])
            #expect(other.headers[.traceparent]?.contains(trace) == false)
        }
    }

    @Test func `a source over its rate is told when to come back, and another is not held up`() async throws {
        var world = HTTPWorld()
        world.limits.sourceRate = Rate(perSecond: 0.5, burst: 2)
        world.limits.trustedProxies = [try #require(AddressRange("127.0.0.1")), try #require(AddressRange("::1"))]
        let built = world
        try await built.visit(.public, .live) { client in
            var statuses: [Int] = []
            for _ in 0..<3 {
                statuses.append(try await client.send(.get, "/livez", [.forwardedFor: "6.6.6.6, 192.0.2.1"]).status.code)
            }
            #expect(statuses == [200, 200, 429])
            let refused = try await client.send(.get, "/livez", [.forwardedFor: "192.0.2.1"])
            #expect(refused.headers[.retryAfter] == "2")
            let other = try await client.send(.get, "/livez", [.forwardedFor: "192.0.2.1, 192.0.2.2"])
            #expect(other.status == .ok)
            built.time.advance(by: .seconds(2))
            let later = try await client.send(.get, "/livez", [.forwardedFor: "192.0.2.1"])
            #expect(later.status == .ok)
        }
    }

    @Test func `nobody but our own proxies can say whom a request comes from`() async throws {
        var world = HTTPWorld()
        world.limits.sourceRate = Rate(perSecond: 0.5, burst: 1)
        let strict = world
        try await strict.visit(.public, .live) { client in
            _ = try await client.send(.get, "/livez", [.forwardedFor: "192.0.2.1"])
            let again = try await client.send(.get, "/livez", [.forwardedFor: "192.0.2.2"])
            #expect(again.status == .tooManyRequests)
        }
        // Two proxies in a row: what the first of them was told by a stranger is the stranger's word.
        world.limits.trustedProxies = ["127.0.0.0/8", "::1", "10.0.0.0/8"].compactMap(AddressRange.init)
        let built = world
        try await built.visit(.public, .live) { client in
            _ = try await client.send(.get, "/livez", [.forwardedFor: "6.6.6.6, 192.0.2.1, 10.1.2.3"])
            let same = try await client.send(.get, "/livez", [.forwardedFor: "7.7.7.7, 192.0.2.1, 10.1.2.3"])
            #expect(same.status == .tooManyRequests)
            let other = try await client.send(.get, "/livez", [.forwardedFor: "6.6.6.6, 192.0.2.2, 10.1.2.3"])
            #expect(other.status == .ok)
        }
    }

    @Test func `a channel over its rate is held up alone`() async throws {
        var world = HTTPWorld()
        world.limits.channelRate = Rate(perSecond: 1, burst: 1)
        let built = world
        try await built.visit(.public) { client in
            let web = "/v1/channels/web/capabilities"
            let app = "/v1/channels/app/capabilities"
            // Somebody else's failed attempts do not count against it.
            for _ in 0..<3 { _ = try await client.send(.get, web, built.signed(.get, web, key: HTTPWorld.otherKey)) }
            let first = try await client.send(.get, web, built.signed(.get, web))
            let second = try await client.send(.get, web, built.signed(.get, web))
            let other = try await client.send(.get, app, built.signed(.get, app, key: HTTPWorld.otherKey))
            #expect([first, second, other].map(\.status.code) == [200, 429, 200])
        }
    }

    @Test func `nothing a client sends becomes a header or a log line of ours`() async throws {
        let world = HTTPWorld()
        try await world.visit(.public) { client in
            let answer = try await client.send(
                .get, "/nowhere%0d%0aSet-Cookie:%20a=b", [.traceparent: "00-\u{1B}[31m"])
            #expect(answer.headers[.setCookie] == nil)
            #expect(!answer.text.contains("Set-Cookie"))
        }
        #expect(world.metrics.figures.requests.keys.allSatisfy { $0.route == "none" })
    }

    @Test func `the admin listener stays on loopback unless TLS stands in front`() throws {
        let doors = HTTPWorld().doors
        var places = HTTPPlaces(adminAddress: HTTPPlaces.Address(host: "0.0.0.0", port: 0))
        #expect(throws: DoorError.adminBeyondLoopback(host: "0.0.0.0")) { try doors.doors(at: places) }
        places.adminBehindTLS = true
        #expect(try doors.doors(at: places).count == 1)
        places = HTTPPlaces(adminAddress: HTTPPlaces.Address(host: "127.0.0.1", port: 0))
        #expect(try doors.doors(at: places).count == 1)
    }
}
