import Commerce
import Foundation
import Testing

@testable import ChannelAdapters

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

    @Test func `an answer says until when the certificate is valid, where that was asked`() async throws {
        let server = try TLSServer(.openssl)
        let transport = CurlTransport(configuration: .with { $0.extraAuthoritiesFile = server.certificateFile })
        var request = HTTPRequest.loopback(.get, "https://127.0.0.1:\(server.port)/")
        #expect(try await transport.send(request).certificateEnds == nil)
        request.asksCertificate = true
        let ends = try #require(try await CurlTransport(configuration: .with { $0.extraAuthoritiesFile = server.certificateFile }).send(request).certificateEnds)
        // It was made for two days.
        let left = Double(ends.milliseconds) / 1_000 - Date().timeIntervalSince1970
        #expect((86_400.0...(2 * 86_400 + 60)).contains(left), "\(left)")
    }

    @Test(arguments: ["Nov 23 02:39:29 2026 GMT", "Nov  3 02:39:29 2026 GMT", "2026-11-23 02:39:29 GMT"])
    func `the dates of certificates are read however they are spelled`(text: String) {
        #expect(CertificateDate.parse(text)?.milliseconds == (text.contains("  3") ? 1_793_673_569_000 : 1_795_401_569_000))
        #expect(CertificateDate.parse(String(text.dropLast(12))) == nil)
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

    @Test func `a certificate that has ended is refused before anything is sent, and the error says so`() async throws {
        let server = try TLSServer(.openssl, hasEnded: true)
        let transport = CurlTransport(configuration: .with { $0.extraAuthoritiesFile = server.certificateFile })
        let error = await transport.failure(of: .loopback(.post, "https://127.0.0.1:\(server.port)/", body: [1]))
        guard case .untrusted(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains("certificate has expired"), "\(reason)")
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
