import Commerce
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@testable import SyncDaemon

struct AdminAPIActionTests {
    private let tea = "/admin/v1/entities/product/tea"

    @Test(arguments: Reach.allCases)
    func `an edit names the version it was made against`(reach: Reach) async throws {
        let world = HTTPWorld()
        try await world.visit(.admin, reach) { client in
            let read = try await client.send(.get, tea, HTTPWorld.bearer(.read))
            let tag = try #require(read.headers[.eTag])
            var headers = HTTPWorld.bearerJSON(.operate)
            let blind = try await client.send(.put, "\(tea)/units/tags", headers, "[\"green\"]")
            #expect(blind.status == .preconditionRequired)
            headers[.ifMatch] = tag
            let edited = try await client.send(.put, "\(tea)/units/tags", headers, "[\"green\"]")
            #expect(edited.status == .ok)
            #expect(edited.headers[.eTag] == "\"e2\"")
            let stale = try await client.send(.put, "\(tea)/units/tags", headers, "[\"black\"]")
            #expect(stale.status == .conflict)
            #expect(stale.headers[.eTag] == "\"e2\"")
            #expect(try stale.json["current"]?["units"]?.array?.first?["value"] == ["green"])
        }
        #expect(world.daemon.change { $0.done } == ["token:operate edit product/tea:tags"])
    }

    @Test(arguments: [
        ("/admin/v1/entities/order/1", 422, "kind"), ("/admin/v1/entities/product/No%20Such", 422, "id"),
        ("/admin/v1/entities/product/nothing", 404, nil), ("/admin/v1/conflicts/x", 422, "id"),
        ("/admin/v1/conflicts/9", 404, nil), ("/admin/v1/conflicts?state=odd", 422, "state"),
        ("/admin/v1/queue?channel=No!", 422, "channel"), ("/admin/v1/queue?limit=0", 422, "limit"),
        ("/admin/v1/queue?limit=201", 422, "limit"), ("/admin/v1/why", 422, "ref"), ("/admin/v1/why?ref=x@Y", 422, "ref"),
        ("/admin/v1/why?ref=nobody", 404, nil), ("/admin/v1/channels/UPPER", 422, "id"),
    ])
    func `what cannot be meant is refused by its member`(path: String, status: Int, field: String?) async throws {
        let world = HTTPWorld()
        try await world.visit(.admin) { client in
            let answer = try await client.send(.get, path, HTTPWorld.bearer(.read))
            #expect(answer.status.code == status)
            #expect(try answer.json["field"]?.string == field)
        }
    }

    @Test(arguments: [
        ("/admin/v1/conflicts/7/resolve", "{\"choice\":\"live\"}", "reason"),
        ("/admin/v1/conflicts/7/resolve", "{\"choice\":-1,\"reason\":\"r\"}", "choice"),
        ("/admin/v1/queue/drop", "{\"reason\":\"r\"}", "ids"),
        ("/admin/v1/channels", "{\"id\":\"x\",\"kind\":\"fax\"}", "kind"),
        ("/admin/v1/channels", "{\"id\":\"x\",\"kind\":\"web\",\"secret\":\"s\"}", "secret"),
        ("/admin/v1/channels", "{\"id\":\"x\",\"kind\":\"web\",\"endpoint\":\"file:///etc/passwd\"}", "endpoint"),
        ("/admin/v1/backup", "{\"path\":\"/var/../etc/x\"}", "path"), ("/admin/v1/backup", "{\"path\":\"x\"}", "path"),
        ("/admin/v1/tokens", "{\"name\":\"a\\u001b[31m\",\"scope\":\"read\"}", "name"),
        ("/admin/v1/tokens", "{\"name\":\"a\",\"scope\":\"root\"}", "scope"),
        ("/admin/v1/tokens", "{\"name\":\"a\",\"scope\":\"read\",\"days\":9999}", "days"),
    ])
    func `an order that breaks a rule is refused by its member`(path: String, body: String, field: String) async throws {
        let world = HTTPWorld()
        try await world.visit(.admin) { client in
            let answer = try await client.send(.post, path, HTTPWorld.bearerJSON(.admin), body)
            #expect(answer.status.code == 422)
            #expect(try answer.json["field"]?.string == field)
        }
        #expect(world.daemon.change { $0.done.isEmpty })
    }

    @Test func `pausing what is paused says so and is no error`() async throws {
        let world = HTTPWorld()
        try await world.visit(.admin) { client in
            var results: [JSON?] = []
            for _ in 0..<2 {
                let answer = try await client.send(.post, "/admin/v1/channels/web/pause", HTTPWorld.bearer(.operate))
                results.append(try answer.json["result"])
            }
            #expect(results == ["paused", "already_paused"])
        }
    }

    @Test func `an order under the same key is carried out once`() async throws {
        let world = HTTPWorld()
        var headers = HTTPWorld.bearerJSON(.admin)
        headers[.idempotencyKey] = "k1"
        let fields = headers
        try await world.visit(.admin) { client in
            let order = "{\"id\":\"shop\",\"kind\":\"web\"}"
            let first = try await client.send(.post, "/admin/v1/channels", fields, order)
            let again = try await client.send(.post, "/admin/v1/channels", fields, order)
            let other = try await client.send(.post, "/admin/v1/channels", fields, "{\"id\":\"else\",\"kind\":\"web\"}")
            #expect([first, again, other].map(\.status.code) == [201, 201, 422])
            #expect(first.text == again.text)
        }
        #expect(world.daemon.change { $0.done } == ["token:admin add shop"])
    }

    @Test(arguments: Reach.allCases)
    func `an import is read as it comes and answers line by line`(reach: Reach) async throws {
        let world = HTTPWorld()
        let file = String(repeating: "{\"id\":\"茶\"}\n", count: 40_000)
        try await world.visit(.admin, reach) { client in
            let answer = try await client.send(.post, "/admin/v1/import?format=jsonl", HTTPWorld.bearer(.operate), file)
            #expect(answer.status == .ok)
            let lines = try answer.text.split(separator: "\n").map { try JSON.parse(String($0)) }
            #expect(lines.count > 2)
            #expect(lines.last?["type"] == "summary")
            #expect(lines.last?["rows"] == 40_000)
        }
        #expect(world.daemon.change { $0.imported } == Array(file.utf8))
    }

    @Test func `an import that fails on its way says so in its last line`() async throws {
        let world = HTTPWorld()
        try await world.visit(.admin) { client in
            let file = String(repeating: "x\n", count: 13)
            let answer = try await client.send(.post, "/admin/v1/import?format=csv", HTTPWorld.bearer(.operate), file)
            let last = try JSON.parse(String(answer.text.split(separator: "\n").last ?? ""))
            #expect(last["type"] == "error")
            #expect(last["problem"]?["detail"] == "the disk is full")
        }
    }

    @Test func `an export that cannot be made says so instead of breaking off`() async throws {
        let world = HTTPWorld()
        try await world.visit(.admin) { client in
            let answer = try await client.send(
                .get, "/admin/v1/export?format=shopify&locale=in%20English", HTTPWorld.bearer(.read))
            #expect(answer.status == .unprocessableContent)
            #expect(try answer.json["field"] == "locale")
        }
    }

    @Test func `the log goes on where it was read to`() async throws {
        let world = HTTPWorld()
        world.daemon.change { state in
            for number in 1...3 {
                state.events.append(
                    StatusEvent(
                        number: Int64(number), at: Samples.now, level: .info, code: "pushed",
                        channel: Samples.id(number == 2 ? "app" : "web"), entity: nil, text: "\(number)", traceID: nil))
            }
        }
        let stream = try await world.visit(.admin, .live) { client in
            let answer = try await client.send(.get, "/admin/v1/log?limit=1&channel=web", HTTPWorld.bearer(.read))
            #expect(try answer.json["data"]?.array?.compactMap { $0["text"]?.string } == ["3"])
            #expect(try answer.json["place"] == "0.0.3")
            for bad in ["log?since=x", "log?limit=1001", "log/stream?after=3", "log/stream?after=1.2.x"] {
                #expect(try await client.send(.get, "/admin/v1/\(bad)", HTTPWorld.bearer(.read)).status == .unprocessableContent)
            }
            guard let daemon = client as? LiveDaemon else { return "" }
            async let text = daemon.fetch("/admin/v1/log/stream?after=0.0.1&channel=web", HTTPWorld.bearer(.read))
            while world.daemon.change({ $0.logged < 3 }) { await Task.yield() }
            await daemon.stop()
            return try await text
        }
        #expect(stream.contains("id: 0.0.3\nevent: entry\ndata: {") && !stream.contains("id: 0.0.2"))
    }

    @Test func `an export comes as a file`() async throws {
        let world = HTTPWorld()
        try await world.visit(.admin) { client in
            let answer = try await client.send(.get, "/admin/v1/export?format=jsonl", HTTPWorld.bearer(.read))
            #expect(answer.text == "{\"a\":1}\n{\"b\":\"茶\"}\n")
            #expect(answer.headers[.contentDisposition] == "attachment; filename=\"catalog-jsonl.jsonl\"")
        }
    }
}
