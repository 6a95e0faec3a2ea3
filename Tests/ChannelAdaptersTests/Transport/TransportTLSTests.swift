import ChannelAdapters
import Testing

@Suite struct TransportTLSTests {
    @Test func `a certificate nobody vouches for is refused before anything is sent`() async throws {
        let server = try TLSServer(.openssl)
        let transport = CurlTransport(configuration: .ordinary)
        let error = await transport.failure(of: .loopback(.post, "https://127.0.0.1:\(server.port)/", body: [1]))
        guard case .untrusted = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `an authority the operator names is trusted`() async throws {
        let server = try TLSServer(.openssl)
        let transport = CurlTransport(configuration: .with { $0.extraAuthoritiesFile = server.certificateFile })
        let answer = try await transport.send(.loopback(.get, "https://127.0.0.1:\(server.port)/"))
        #expect(answer.status == 200)
        #expect(answer.text.contains("TLSv1.3"))
    }

    @Test func `a trusted certificate for another name is refused`() async throws {
        let server = try TLSServer(.openssl)
        let transport = CurlTransport(configuration: .with { $0.extraAuthoritiesFile = server.certificateFile })
        let error = await transport.failure(of: .loopback(.get, "https://localhost:\(server.port)/"))
        guard case .untrusted = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(.enabled(if: TLSServer.isInstalled("node"), "node is not installed"))
    func `many requests share one connection over HTTP 2`() async throws {
        let server = try TLSServer(.node)
        let transport = CurlTransport(configuration: .with { $0.extraAuthoritiesFile = server.certificateFile })
        let url = "https://127.0.0.1:\(server.port)/"
        let answers = try await withThrowingTaskGroup(of: String.self) { group in
            for size in 0..<60 {
                let request = HTTPRequest.loopback(.post, url, body: [UInt8](repeating: 1, count: size * 500))
                group.addTask { try await transport.send(request).text }
            }
            var answers: Set<String> = []
            for try await answer in group { answers.insert(answer) }
            return answers
        }
        #expect(answers == Set((0..<60).map { "2.0 1 \($0 * 500)" }))
    }
}
