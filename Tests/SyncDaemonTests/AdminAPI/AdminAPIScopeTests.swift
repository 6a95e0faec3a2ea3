import Commerce
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@testable import SyncDaemon

struct AdminAPIScopeTests {
    /// A body each route can read, so that a refusal is about the scope and not the form.
    private func body(_ route: Route) -> String? { if case .json = route.body { "{}" } else { nil } }

    private func target(_ route: Route) -> String {
        route.path.replacing("{kind}", with: "product").replacing("{id}", with: "tea").replacing("{unit}", with: "tags")
    }

    @Test func `each route refuses nobody, and every scope below its own`() async throws {
        var world = HTTPWorld()
        world.limits.sourceRate = Rate(perSecond: 1_000, burst: 1_000)
        let table = try world.doors.door(.admin, pageIsOpen: false).1
        let guarded = table.routes.compactMap { route -> (Route, Scope)? in
            if case .operators(let least) = route.access { (route, least) } else { nil }
        }
        #expect(guarded.count > 25)
        try await world.visit(.admin) { client in
            for (route, least) in guarded {
                let path = target(route)
                // A stream that is opened would not end by itself.
                let isStream = route.answers.contains { $0.contentType == "text/event-stream" }
                let nobody = try await client.send(route.method, path, [.contentType: "application/json"], body(route))
                #expect(nobody.status == .unauthorized, "\(route.name) let nobody in")
                for scope in Scope.allCases where scope < least || !isStream {
                    let answer = try await client.send(route.method, path, HTTPWorld.bearerJSON(scope), body(route))
                    let refused = answer.status == .forbidden
                    #expect(refused == (scope < least), "\(route.name) with \(scope) answered \(answer.status.code)")
                }
            }
        }
    }

    @Test(arguments: ["Bearer", "Bearer heyi_nobody", "Basic aGV5aTpoZXlpX2FkbWlu", "bearer", "Token heyi_admin", ""])
    func `a credential that is none opens nothing`(header: String) async throws {
        let world = HTTPWorld()
        try await world.visit(.admin) { client in
            let answer = try await client.send(.get, "/admin/v1/status", [.authorization: header])
            #expect(answer.status == .unauthorized)
            #expect(answer.headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
        }
    }

    @Test func `a token opens nothing once it has expired or was revoked`() async throws {
        let world = HTTPWorld()
        try await world.visit(.admin) { client in
            let revoked = try await client.send(.delete, "/admin/v1/tokens/read", HTTPWorld.bearer(.admin))
            #expect(revoked.status == .noContent)
            let after = try await client.send(.get, "/admin/v1/status", HTTPWorld.bearer(.read))
            #expect(after.status == .unauthorized)
            let before = try await client.send(.get, "/admin/v1/status", HTTPWorld.bearer(.operate))
            #expect(before.status == .ok)
            world.time.advance(by: .seconds(3_600))
            let late = try await client.send(.get, "/admin/v1/status", HTTPWorld.bearer(.operate))
            #expect(late.status == .unauthorized)
        }
    }

    @Test func `a new token is shown once and opens what it was made for`() async throws {
        let world = HTTPWorld()
        try await world.visit(.admin) { client in
            let made = try await client.send(
                .post, "/admin/v1/tokens", HTTPWorld.bearerJSON(.admin), "{\"name\":\"ci\",\"scope\":\"read\",\"days\":7}")
            #expect(made.status == .created)
            let text = try #require(try made.json["token"]?.string)
            let list = try await client.send(.get, "/admin/v1/tokens", HTTPWorld.bearer(.admin))
            #expect(!list.text.contains(text))
            let status = try await client.send(.get, "/admin/v1/status", [.authorization: "Bearer \(text)"])
            #expect(status.status == .ok)
            let pause = try await client.send(.post, "/admin/v1/channels/web/pause", [.authorization: "Bearer \(text)"])
            #expect(pause.status == .forbidden)
        }
    }

    @Test func `over the socket the host's operators need no token`() async throws {
        let world = HTTPWorld()
        try await world.visit(.socket) { client in
            let answer = try await client.send(.post, "/admin/v1/channels/web/pause")
            #expect(answer.status == .ok)
        }
    }

    @Test func `the page needs a token where it is not open, and a browser can bring one`() async throws {
        var world = HTTPWorld()
        world.pageIsOpen = false
        try await world.visit(.admin) { client in
            let nobody = try await client.send(.get, "/")
            #expect(nobody.status == .unauthorized)
            #expect(nobody.headers[.wwwAuthenticate]?.hasPrefix("Basic") == true)
            // "heyi:heyi_read"
            let reader = try await client.send(.get, "/", [.authorization: "Basic aGV5aTpoZXlpX3JlYWQ="])
            #expect(reader.status == .ok)
        }
    }
}
