import ChannelAdapters
import Testing

@Suite struct TransportLoadTests {
    @Test func `two thousand requests are in flight from one transport`() async throws {
        let crowd = 2_000
        let answers = try await BusyServer(crowd: crowd).run { port in
            let transport = CurlTransport(
                configuration: .with {
                    $0.hostConnectionsMax = crowd
                    $0.connectionsMax = crowd
                    $0.connectTimeout = .seconds(60)
                })
            return try await withThrowingTaskGroup(of: (Int, HTTPResponse).self) { group in
                for number in 0..<crowd {
                    let request = HTTPRequest.loopback(
                        .get, "http://127.0.0.1:\(port)/wait/\(number)", timeout: .seconds(120))
                    group.addTask { (number, try await transport.send(request)) }
                }
                var right = 0
                for try await (number, answer) in group where answer.text == "\(number)" { right += 1 }
                return right
            }
        }
        #expect(answers == crowd)
    }

    @Test func `a crowd far beyond the connections is served in turns, and whoever leaves while waiting costs nothing`() async throws {
        let server = RudeServer { peer in while peer.request() != nil { peer.answer("ok") } }
        let transport = CurlTransport(configuration: .with { $0.connectionsMax = 4 })
        let url = server.url
        let crowd = (0..<600).map { number in
            Task { () -> Bool in
                do throws(TransportError) { return try await transport.send(.loopback(.get, url)).status == 200 } catch {
                    if error != .cancelled { Issue.record("\(number): \(error)") }
                    return false
                }
            }
        }
        for number in stride(from: 300, to: 600, by: 3) { crowd[number].cancel() }
        for (number, one) in crowd.enumerated() {
            let served = await one.value
            if number < 300 || number % 3 != 0 { #expect(served) }
        }
        #expect(try await transport.send(.loopback(.get, url)).status == 200, "every place was given back")
        #expect(await transport.inFlight == 0)
    }

    @Test func `whoever waits for a place when the transport is shut down is told so`() async throws {
        let server = RudeServer { peer in while peer.request() != nil { _ = peer.drain() } }
        let transport = CurlTransport(configuration: .with { $0.connectionsMax = 1 })
        let url = server.url
        let crowd = (0..<20).map { _ in Task { await transport.failure(of: .loopback(.get, url)) } }
        while await transport.inFlight < 2 { await Task.yield() }
        await transport.shutdown(grace: .milliseconds(1))
        for one in crowd { #expect(await one.value != nil) }
    }

    @Test func `a narrow door is shared by many requests`() async throws {
        let server = RudeServer { peer in while peer.request() != nil { peer.answer("ok") } }
        let transport = CurlTransport(configuration: .with { $0.hostConnectionsMax = 3 })
        let url = server.url
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<200 { group.addTask { try await transport.send(.loopback(.get, url)).status } }
            for try await status in group { #expect(status == 200) }
        }
        #expect(server.accepted <= 3)
    }
}
