import ChannelAdapters
import Commerce
import Foundation
import Testing

/// Peers that mean harm, through the real transport.
@Suite struct TransportHostileTests {
    let transport = CurlTransport(configuration: .ordinary)

    @Test func `a body without end costs no more memory than its limit`() async throws {
        let sent = Event<Int>()
        let server = RudeServer { peer in
            _ = peer.request()
            peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = Array("10000\r\n".utf8) + [UInt8](repeating: 65, count: 65_536) + Array("\r\n".utf8)
            var count = 0
            // Ten gigabytes, unless somebody hangs up.
            while count < 160_000, peer.write(chunk) { count += 1 }
            peer.end()
            sent.happen(count)
        }
        let before = Self.residentBytes()
        let request = HTTPRequest.loopback(.get, server.url, responseBytesMax: 4 << 20)
        #expect(await transport.failure(of: request) == .responseTooLarge(bytesMax: 4 << 20))
        // Hung up on within the limit and what sockets hold, with other tests' memory beside it.
        #expect(try #require(await sent.wait()) < 4_000)
        #expect(Self.residentBytes() - before < 512 << 20)
    }

    @Test func `a body that drips is broken off when the time for the whole is over`() async {
        let server = RudeServer { peer in
            _ = peer.request()
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while peer.write("x") { usleep(20_000) }
            peer.end()
        }
        let request = HTTPRequest.loopback(.get, server.url, timeout: .milliseconds(400))
        #expect(await transport.failure(of: request) == .timedOut(mayHaveArrived: true))
    }

    @Test func `headers that drip are broken off too`() async {
        let server = RudeServer { peer in
            _ = peer.request()
            peer.write("HTTP/1.1 200 OK\r\nX-Slow: ")
            while peer.write("x") { usleep(20_000) }
            peer.end()
        }
        let request = HTTPRequest.loopback(.get, server.url, timeout: .milliseconds(400))
        #expect(await transport.failure(of: request) == .timedOut(mayHaveArrived: true))
    }

    @Test func `a peer that stalls in the middle is given up on before the time for the whole`() async {
        let server = RudeServer { peer in
            _ = peer.request()
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nsome")
            _ = peer.drain()
        }
        let hasty = CurlTransport(configuration: .with { $0.stallTimeout = .seconds(1) })
        #expect(await hasty.failure(of: .loopback(.get, server.url, timeout: .seconds(600))) == .timedOut(mayHaveArrived: true))
    }

    @Test func `compression is never asked for and never undone, so a bomb stays a small file`() async throws {
        let asked = Event<String>()
        let server = RudeServer { peer in
            asked.happen(peer.request()?.head.lowercased() ?? "")
            peer.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n")
            peer.write([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        }
        let answer = try await transport.send(.loopback(.get, server.url))
        #expect(answer.body.count == 20)
        #expect(await asked.wait()?.contains("accept-encoding") == false)
    }

    @Test(arguments: ["/", "http://169.254.169.254/latest/meta-data", "file:///etc/passwd", "gopher://x/"])
    func `a redirect goes nowhere`(target: String) async throws {
        let server = RudeServer { peer in
            _ = peer.request()
            peer.answer("", status: "302 Found", headers: "Location: \(target)\r\n")
        }
        #expect(try await transport.send(.loopback(.get, server.url)).status == 302)
        #expect(server.accepted == 1)
    }

    @Test(arguments: [
        "garbage without any head", "HTTP/0.9 200\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzzz\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\nx",
        "\0\0\0\0", "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\nx",
    ])
    func `nonsense for an answer is an error that leaves the outcome open`(answer: String) async {
        let server = RudeServer { peer in
            _ = peer.request()
            peer.write(answer)
            peer.end()
        }
        let error = await transport.failure(of: .loopback(.post, server.url, body: [1]))
        switch error {
        case .interrupted, .responseTooLarge: break
        default: Issue.record("\(String(describing: error))")
        }
    }

    @Test func `a connection reset in the middle of a body is no answer`() async {
        let server = RudeServer { peer in
            _ = peer.request()
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
            // Closing without lingering sends a reset instead of an end.
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(peer.descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
            peer.end()
        }
        guard case .interrupted = await transport.failure(of: .loopback(.get, server.url)) else {
            Issue.record("not interrupted")
            return
        }
    }

    @Test func `a name that resolves to this machine is not called without leave`() async {
        let server = RudeServer { peer in peer.answer("secret") }
        let request = HTTPRequest(
            method: .get, url: "http://localhost:\(server.port)/", timeout: .seconds(60), responseBytesMax: 1_000)
        guard case .forbiddenAddress = await transport.failure(of: request) else {
            Issue.record("called")
            return
        }
        #expect(server.accepted == 0)
    }

    private static func residentBytes() -> Int {
        let pages = FileManager.default.contents(atPath: "/proc/self/statm").map { String(decoding: $0, as: UTF8.self) } ?? ""
        return pages.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 4_096 } ?? 0
    }
}
