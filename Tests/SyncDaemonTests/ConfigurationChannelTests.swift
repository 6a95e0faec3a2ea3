import ChannelAdapters
import Commerce
import Foundation
import Testing

@testable import SyncDaemon

@Suite struct ConfigurationChannelTests {
    private func read(_ channel: String) throws(ConfigurationProblems) -> [ChannelConfiguration] {
        try Configuration.parse("channels:\n" + channel, path: "heyi.yaml").channels
    }

    @Test func `a channel is read with everything it may say`() throws {
        let channels = try read(
            """
              - id: web
                kind: web
                endpoint: https://shop.example/heyi/
                secrets: [credential:web, "file:/etc/heyi/old", /etc/heyi/older]
                units: [text, price]
                owner_of: [text]
                creates: true
                deletes: ignore
                rate: 2.5
                projection:
                  - {unit: text, member: title, effect: truncate, characters: 60}
                  - {unit: price, member: amount, effect: round, to: 100}
            """)
        let channel = try #require(channels.first)
        #expect(channel.endpoint == "https://shop.example/heyi")
        #expect(channel.secrets == [.credential("web"), .file("/etc/heyi/old"), .file("/etc/heyi/older")])
        #expect(channel.rate == 2.5)
        #expect(channel.projection.rules.map(\.effect) == [.truncate(characters: 60), .round(unit: 100)])
        #expect(channel.deletes == .ignore)
    }

    @Test func `a secret written into the file is refused and not repeated`() throws {
        let error = try #require(throws: ConfigurationProblems.self) {
            try read("  - {id: web, kind: web, secrets: [whsec_c2VjcmV0c2VjcmV0]}")
        }
        #expect(error.description.contains("the secret itself never stands here"))
        #expect(!error.description.contains("c2VjcmV0"))
    }

    @Test func `what does not fit together is said`() throws {
        let error = try #require(throws: ConfigurationProblems.self) {
            try read(
                """
                  - {id: a, kind: web, protocol: plain, secrets: [/s]}
                  - {id: b, kind: web}
                  - {id: c, kind: web, endpoint: "http://shop.example", secrets: [/s]}
                  - {id: d, kind: web, units: [text], owner_of: [price], secrets: [/s]}
                  - {id: d, kind: web, secrets: [/s]}
                  - {kind: web, secrets: [/s]}
                  - {id: E, kind: wbe, secrets: [/s], projection: [{unit: text, effect: truncate}]}
                """)
        }
        let words = error.description
        for expected in [
            "heyi.yaml:2:5: channel a: protocol plain needs an endpoint",
            "heyi.yaml:3:5: channel b: secrets is missing",
            "channel c: endpoint must be https",
            "channel d: it cannot own price",
            "the channel d is declared twice",
            "channels[5].id is missing",
            "channels[6].id must be 1 to 32 of a-z 0-9 -",
            "channels[6].kind must be web or app, got wbe",
            "truncate needs characters: 60",
        ] {
            #expect(words.contains(expected), "\(expected)\n---\n\(words)")
        }
    }

    @Test func `a secret file open to everybody is refused, a private one is read`() throws {
        let path = FileManager.default.temporaryDirectory.path + "/heyi-secret-\(ProcessInfo.processInfo.processIdentifier)"
        defer { unlink(path) }
        #expect(FileManager.default.createFile(atPath: path, contents: [UInt8]("whsec_abc\n".utf8).asBytes, attributes: [.posixPermissions: 0o644]))
        let open = #expect(throws: SecretProblem.self) { try SecretReference.file(path).load(credentials: nil) }
        #expect(open?.description == "file:\(path) is open to everybody on this machine: chmod 0600 \(path)")
        chmod(path, 0o600)
        let secret = try SecretReference.file(path).load(credentials: nil)
        #expect(secret.revealed == "whsec_abc")
        #expect("\(secret)" == "<secret>")
        #expect(String(reflecting: secret) == "<secret>")
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!dumped.contains("whsec"))
    }

    @Test func `a credential outside systemd says what to do`() {
        let problem = #expect(throws: SecretProblem.self) { try SecretReference.credential("web").load(credentials: nil) }
        #expect(problem?.description.contains("LoadCredential=web:") == true)
        #expect(SecretReference("credential:../x") == nil)
    }
}

extension [UInt8] {
    fileprivate var asBytes: Foundation.Data { Foundation.Data(self) }
}
