import ChannelAdapters
import Testing

@Suite struct TransportFaultTests {
    let transport = CurlTransport(configuration: .ordinary)

    @Test func `a refused connection means that nothing happened`() async {
        let server = RudeServer { _ in }
        server.stop()
        guard case .unreachable = await transport.failure(of: .loopback(.post, server.url, body: [1])) else {
            Issue.record("not unreachable")
            return
        }
    }

    @Test func `an unknown name means that nothing happened`() async {
        let request = HTTPRequest.loopback(.post, "http://no-such-host.invalid/", body: [1])
        guard case .unreachable = await transport.failure(of: request) else {
            Issue.record("not unreachable")
            return
        }
    }

    @Test func `a peer that closes after reading leaves the outcome open`() async {
        let server = RudeServer { peer in
            _ = peer.request()
            peer.end()
        }
        guard case .interrupted = await transport.failure(of: .loopback(.post, server.url, body: [1, 2, 3])) else {
            Issue.record("not interrupted")
            return
        }
    }

    @Test func `a peer that dies on a kept connection leaves the outcome open`() async throws {
        let holder = Event<RudeServer>()
        let server = RudeServer { peer in
            _ = peer.request()
            peer.answer("first")
            _ = peer.request()
            // Nobody listens any more when curl tries again by itself.
            Task {
                await holder.wait()?.stop()
                peer.end()
            }
        }
        holder.happen(server)
        _ = try await transport.send(.loopback(.get, server.url))
        let error = await transport.failure(of: .loopback(.post, server.url, body: [1, 2, 3]))
        guard case .interrupted = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `an answer cut short is no answer`() async {
        let server = RudeServer { peer in
            _ = peer.request()
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            peer.end()
        }
        guard case .interrupted = await transport.failure(of: .loopback(.get, server.url)) else {
            Issue.record("not interrupted")
            return
        }
    }

    @Test func `something that is not HTTP is no answer`() async {
        let server = RudeServer { peer in
            _ = peer.request()
            peer.write("SSH-2.0-OpenSSH_9.2\r\n\r\n")
            peer.end()
        }
        guard case .interrupted = await transport.failure(of: .loopback(.get, server.url)) else {
            Issue.record("not interrupted")
            return
        }
    }

    @Test func `a silent peer times out and may have taken the request`() async {
        let server = RudeServer { peer in _ = peer.drain() }
        let request = HTTPRequest.loopback(.get, server.url, timeout: .milliseconds(150))
        #expect(await transport.failure(of: request) == .timedOut(mayHaveArrived: true))
    }

    @Test func `a request that never got a connection times out and did not arrive`() async throws {
        let narrow = CurlTransport(configuration: .with { $0.hostConnectionsMax = 1 })
        let arrived = Event<Void>()
        let server = RudeServer { peer in
            _ = peer.request()
            arrived.happen(())
            _ = peer.drain()
        }
        let url = server.url
        let first = Task { await narrow.failure(of: .loopback(.get, url)) }
        _ = await arrived.wait()
        let second = await narrow.failure(of: .loopback(.get, url, timeout: .milliseconds(50)))
        #expect(second == .timedOut(mayHaveArrived: false))
        first.cancel()
        #expect(await first.value == .cancelled)
    }

    @Test(arguments: ["Content-Length: 2000000\r\n", ""])
    func `an answer over the limit is broken off, announced or not`(announced: String) async {
        let server = RudeServer { peer in
            _ = peer.request()
            peer.write("HTTP/1.1 200 OK\r\n\(announced)\r\n")
            peer.write([UInt8](repeating: 66, count: 2_000_000))
            peer.end()
        }
        let request = HTTPRequest.loopback(.get, server.url, responseBytesMax: 100_000)
        #expect(await transport.failure(of: request) == .responseTooLarge(bytesMax: 100_000))
    }

    @Test func `an answer exactly at the limit is taken`() async throws {
        let server = RudeServer { peer in
            _ = peer.request()
            peer.answer(String(repeating: "x", count: 1_000))
        }
        #expect(try await transport.send(.loopback(.get, server.url, responseBytesMax: 1_000)).body.count == 1_000)
    }

    @Test func `headers without end are broken off`() async {
        let server = RudeServer { peer in
            _ = peer.request()
            peer.write("HTTP/1.1 200 OK\r\n")
            while peer.write("X-More: \(String(repeating: "y", count: 900))\r\n") {}
            peer.end()
        }
        let error = await transport.failure(of: .loopback(.get, server.url))
        #expect(error == .responseTooLarge(bytesMax: CurlConfiguration.ordinary.headerBytesMax))
    }
}
