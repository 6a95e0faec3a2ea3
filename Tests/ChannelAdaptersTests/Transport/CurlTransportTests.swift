import ChannelAdapters
import Testing

@Suite struct CurlTransportTests {
    let transport = CurlTransport(configuration: .ordinary)

    @Test func `requests one after the other share a connection`() async throws {
        let server = RudeServer { peer in
            while let request = peer.request() { peer.answer("\(request.body.count)") }
            peer.end()
        }
        for size in 0..<20 {
            let body = [UInt8](repeating: 65, count: size * 1_000)
            let answer = try await transport.send(.loopback(.post, server.url, body: body))
            #expect(answer.text == "\(body.count)")
        }
        #expect(server.accepted == 1)
    }

    @Test func `what is asked is what arrives`() async throws {
        let server = RudeServer { peer in
            guard let request = peer.request() else { return }
            peer.answer(request.head, status: "418 I'm a teapot", headers: "X-Two: a\r\nX-Two: b\r\n")
            peer.end()
        }
        let answer = try await transport.send(
            .loopback(.delete, server.url + "/a/../b?q=%E5%90%88", headers: [("X-One", "合"), ("X-Empty", "")]))
        #expect(answer.status == 418)
        #expect(answer.headers.filter { $0.name == "x-two" }.map(\.value) == ["a", "b"])
        let lines = answer.text.split(separator: "\r\n").map(String.init)
        #expect(lines.first == "DELETE /a/../b?q=%E5%90%88 HTTP/1.1")
        #expect(lines.contains("X-One: 合"))
        #expect(lines.contains("X-Empty:"))
        #expect(!answer.text.lowercased().contains("accept-encoding"))
        #expect(!answer.text.lowercased().contains("expect"))
    }

    @Test func `an answer that dribbles in byte by byte arrives whole`() async throws {
        let server = RudeServer { peer in
            _ = peer.request()
            for byte in "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhello, world".utf8 { peer.write([byte]) }
            peer.end()
        }
        #expect(try await transport.send(.loopback(.get, server.url)).text == "hello, world")
    }

    @Test func `a redirect is an answer, not an order`() async throws {
        let server = RudeServer { peer in
            while peer.request() != nil {
                peer.answer("", status: "302 Found", headers: "Location: http://127.0.0.1:1/\r\n")
            }
        }
        #expect(try await transport.send(.loopback(.get, server.url)).status == 302)
    }

    @Test func `an interim answer is not the answer`() async throws {
        let server = RudeServer { peer in
            _ = peer.request()
            peer.write("HTTP/1.1 103 Early Hints\r\nX-Early: yes\r\n\r\n")
            peer.answer("late", headers: "X-Late: yes\r\n")
        }
        let answer = try await transport.send(.loopback(.get, server.url))
        #expect(answer.status == 200)
        #expect(answer.headers.map(\.name) == ["content-length", "x-late"])
    }

    @Test(arguments: [
        ("X-A", "b\r\nX-Evil: 1"), ("X-A", "b\nc"), ("X-A", "b\0c"), ("X A", "b"), ("", "b"), ("X-A\r\nX-B", "c"),
        ("Content-Length", "3"), ("transfer-encoding", "chunked"), ("Host", "elsewhere"),
    ])
    func `a header that would smuggle something is not sent`(name: String, value: String) async {
        let error = await transport.failure(of: .loopback(.get, "http://127.0.0.1:1/", headers: [(name, value)]))
        guard case .invalidRequest = error else {
            Issue.record("\(String(describing: error)) for \(name)")
            return
        }
    }

    @Test(arguments: [
        "file:///etc/passwd", "ftp://127.0.0.1/", "http://", "http://user:word@127.0.0.1/", "http://127.0.0.1/a b",
        "http://127.0.0.1/\r\nX: y", "gopher://127.0.0.1/", "127.0.0.1",
    ])
    func `a URL that is not plain http or https is not sent`(url: String) async {
        let error = await transport.failure(of: .loopback(.get, url))
        guard case .invalidRequest = error else {
            Issue.record("\(String(describing: error)) for \(url)")
            return
        }
    }

    @Test func `a cancelled task breaks its transfer off`() async throws {
        let arrived = Event<Void>()
        let closed = Event<Int>()
        let server = RudeServer { peer in
            _ = peer.request()
            arrived.happen(())
            closed.happen(peer.drain())
            peer.end()
        }
        let transport = self.transport
        let request = HTTPRequest.loopback(.get, server.url)
        let task = Task { await transport.failure(of: request) }
        _ = await arrived.wait()
        task.cancel()
        #expect(await task.value == .cancelled)
        #expect(await closed.wait() == 0)
        #expect(await transport.inFlight == 0)
    }

    @Test func `a task cancelled beforehand sends nothing that counts`() async {
        let server = RudeServer { peer in _ = peer.drain() }
        let transport = self.transport
        let request = HTTPRequest.loopback(.get, server.url)
        let task = Task { () -> TransportError? in
            withUnsafeCurrentTask { $0?.cancel() }
            return await transport.failure(of: request)
        }
        #expect(await task.value == .cancelled)
    }

    @Test func `shutdown lets the last answer in and takes no more`() async throws {
        let arrived = Event<Void>()
        let release = Event<Void>()
        let server = RudeServer { peer in
            _ = peer.request()
            arrived.happen(())
            Task {
                _ = await release.wait()
                peer.answer("done")
            }
        }
        let transport = self.transport
        let request = HTTPRequest.loopback(.get, server.url)
        async let last = transport.send(request)
        _ = await arrived.wait()
        async let end: Void = transport.shutdown(grace: .seconds(60))
        while true {
            // Anything sent before the shutdown got its turn would be taken; ask until refused.
            if case .unreachable = await transport.failure(of: .loopback(.get, "http://127.0.0.1:1/", timeout: .seconds(5))) { break }
        }
        release.happen(())
        #expect(try await last.text == "done")
        await end
        #expect(await transport.inFlight == 0)
    }

    @Test func `shutdown breaks off what outlives the grace`() async throws {
        let arrived = Event<Void>()
        let server = RudeServer { peer in
            _ = peer.request()
            arrived.happen(())
            _ = peer.drain()
        }
        let transport = self.transport
        let request = HTTPRequest.loopback(.get, server.url)
        async let last = transport.failure(of: request)
        _ = await arrived.wait()
        await transport.shutdown(grace: .milliseconds(1))
        #expect(await last == .cancelled)
    }
}
