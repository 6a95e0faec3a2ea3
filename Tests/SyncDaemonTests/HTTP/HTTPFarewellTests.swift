import HTTPTypes
import TestKit
import Testing

@testable import SyncDaemon

/// What a peer sees of a daemon that stops.
@Suite struct HTTPFarewellTests {
    private let ask = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"

    private func patient(_ patience: Duration) -> HTTPWorld {
        var world = HTTPWorld()
        world.limits.farewell = patience
        return world
    }

    @Test func `a request that comes just after the stop is answered, and told that it was the last`() async throws {
        // Longer than any test takes: the answer ends the connection, not the time.
        let world = patient(.seconds(600))
        let answer = try await LiveDaemon.run(try world.door(.public)) { daemon in
            let connection = try RawConnection(port: daemon.port ?? 0)
            try connection.send(ask)
            let first = await connection.read(until: "ok\n")
            #expect(!first.lowercased().contains("connection: close"))
            await daemon.stop()
            // Whoever is not let in any more shows that the stop has begun.
            while (try? RawConnection(port: daemon.port ?? 0)) != nil { await Task.yield() }
            try connection.send(ask)
            return await connection.readToEnd()
        }
        #expect(answer.hasPrefix("HTTP/1.1 200"))
        #expect(answer.lowercased().contains("connection: close"))
    }

    @Test func `requests that were sent one behind the other are all answered, the last one says so`() async throws {
        let world = patient(.seconds(600))
        let path = "/v1/channels/web/deltas?wait=60"
        let held = "GET \(path) HTTP/1.1\r\nHost: localhost\r\n"
            + world.signed(.get, path).map { "\($0.name): \($0.value)\r\n" }.joined() + "\r\n"
        let answer = try await LiveDaemon.run(try world.door(.public)) { daemon in
            let connection = try RawConnection(port: daemon.port ?? 0)
            try connection.send(held + ask + ask)
            await world.daemon.untilRead()
            await daemon.stop()
            return await connection.readToEnd()
        }
        #expect(answer.components("HTTP/1.1 200") == 3, "\(answer)")
        #expect(answer.lowercased().components("connection: close") == 1, "\(answer)")
        #expect(answer.hasSuffix("ok\n"))
    }

    @Test func `a connection nobody uses is closed after a moment, without an answer`() async throws {
        let world = patient(.milliseconds(1))
        let rest = try await LiveDaemon.run(try world.door(.public)) { daemon in
            let connection = try RawConnection(port: daemon.port ?? 0)
            try connection.send(ask)
            _ = await connection.read(until: "ok\n")
            await daemon.stop()
            return await connection.readToEnd()
        }
        #expect(rest == "")
    }
}

extension String {
    /// How often `part` is in it.
    fileprivate func components(_ part: String) -> Int { ranges(of: part).count }
}
