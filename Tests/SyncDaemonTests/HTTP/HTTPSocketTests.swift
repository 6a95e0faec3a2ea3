import Commerce
import Foundation
import Glibc
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceLifecycle
import TestKit
import Testing

@testable import SyncDaemon

/// What only a real connection can show.
struct HTTPSocketTests {
    /// What is answered to a request of which nothing comes after `text`, however long one waits.
    private func stalled(_ world: HTTPWorld, _ listener: Listener, _ text: String) async throws -> String {
        try await LiveDaemon.run(try world.door(listener)) { daemon in
            let connection = try RawConnection(port: daemon.port ?? 0)
            try connection.send(text)
            async let answer = connection.readToEnd()
            let arrived = Ended()
            async let passing: Void = world.pass(.seconds(30)) { arrived.isSet }
            let whole = await answer
            arrived.set()
            await passing
            return whole
        }
    }

    @Test func `a body that does not arrive in time is given up on`() async throws {
        let world = HTTPWorld()
        let path = "/v1/callbacks/web"
        let fields = world.signed(.post, path, body: "{}")
        let answer = try await stalled(
            world, .public,
            "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"
                + fields.map { "\($0.name): \($0.value)\r\n" }.joined() + "\r\n{")
        #expect(answer.hasPrefix("HTTP/1.1 408"))
        #expect(answer.contains("\"code\":\"too_slow\""))
    }

    @Test func `an import of which nothing more comes is ended with the reason, and keeps what it has`() async throws {
        let world = HTTPWorld()
        let answer = try await stalled(
            world, .admin,
            "POST /admin/v1/import?format=jsonl HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n"
                + "Authorization: Bearer heyi_operate\r\n\r\n{}\n")
        #expect(answer.hasPrefix("HTTP/1.1 200"))
        #expect(answer.contains("\"type\":\"progress\"") && answer.contains("\"type\":\"error\""))
        #expect(answer.contains("\"code\":\"stalled\"") && answer.contains("limits.request_timeout"))
        #expect(world.daemon.change { $0.imported } == Array("{}\n".utf8))
    }

    @Test func `a chunked body is cut off where the limit is`() async throws {
        let world = HTTPWorld()
        let answer = try await LiveDaemon.run(try world.door(.public)) { daemon in
            let path = "/v1/callbacks/web"
            let fields = world.signed(.post, path, body: "{}")
            let connection = try RawConnection(port: daemon.port ?? 0)
            let chunk = String(repeating: "x", count: 65_536)
            try connection.send(
                "POST \(path) HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                    + fields.map { "\($0.name): \($0.value)\r\n" }.joined() + "\r\n"
                    + String(repeating: "10000\r\n\(chunk)\r\n", count: 5))
            return await connection.readToEnd()
        }
        #expect(answer.hasPrefix("HTTP/1.1 413"))
    }

    @Test(arguments: [
        "NOT HTTP AT ALL\r\n\r\n",
        "GET /livez HTTP/1.1\r\nHost: x\r\nX-Big: \(String(repeating: "a", count: 20_000))\r\n\r\n",
        "GET /livez HTTP/1.1\r\nHost: x\r\n\((0..<200).map { "X-\($0): 1\r\n" }.joined())\r\n",
        "GET /livez HTTP/1.1\r\nHost: x\r\nBad Header : x\r\n\r\n",
    ])
    func `a head that cannot be taken is answered with a problem too`(head: String) async throws {
        let world = HTTPWorld()
        let answer = try await LiveDaemon.run(try world.door(.public)) { daemon in
            let connection = try RawConnection(port: daemon.port ?? 0)
            try connection.send(head)
            return await connection.readToEnd()
        }
        #expect(answer.hasPrefix("HTTP/1.1 400"))
        #expect(answer.contains("application/problem+json"))
        #expect(answer.contains("\"code\":\"malformed_request\""))
    }

    @Test func `the socket's peer is known by what the kernel says`() async throws {
        let world = HTTPWorld()
        let path = NSTemporaryDirectory() + "heyi-test-\(getpid()).sock"
        defer { unlink(path) }
        let door = try #require(
            try world.doors.doors(at: HTTPPlaces(socketPath: path)).first)
        let answer = try await LiveDaemon.run(door) { _ in
            let connection = try RawConnection(path: path)
            try connection.send("POST /admin/v1/channels/web/pause HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return await connection.readToEnd()
        }
        #expect(answer.hasPrefix("HTTP/1.1 200"))
        #expect(world.daemon.change { $0.done } == ["uid:\(getuid()) pause web"])
    }
}
