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
