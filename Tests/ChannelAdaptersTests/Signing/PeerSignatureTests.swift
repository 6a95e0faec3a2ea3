import ChannelAdapters
import Commerce
import Foundation
import Testing

/// Holds our signatures against the reference implementation in Python, where it is installed.
@Suite(.enabled(if: PythonPeer.isInstalled, "python3 has no standardwebhooks package"))
struct PeerSignatureTests {
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    @Test func `the reference accepts what we sign`() throws {
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970) * 1_000)
        let headers = try StandardWebhooks(secrets: [Secret(secret)])
            .sign(id: "msg_1", at: now, payload: Array("{\"合\":1}".utf8))
        let script = """
            import sys, standardwebhooks
            h = {"webhook-id": sys.argv[2], "webhook-timestamp": sys.argv[3], "webhook-signature": sys.argv[4]}
            standardwebhooks.Webhook(sys.argv[1]).verify('{"合":1}', h)
            print("fits")
            """
        #expect(try PythonPeer.run(script, [secret] + headers.map(\.value)) == "fits\n")
    }

    @Test func `we accept what the reference signs`() throws {
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970) * 1_000)
        let script = """
            import sys, standardwebhooks, datetime
            t = datetime.datetime.fromtimestamp(int(sys.argv[2]), tz=datetime.timezone.utc)
            print(standardwebhooks.Webhook(sys.argv[1]).sign("msg_2", t, '{"a":"合"}'), end="")
            """
        let seconds = String(now.milliseconds / 1_000)
        let signature = try PythonPeer.run(script, [secret, seconds])
        let headers = ["webhook-id": "msg_2", "webhook-timestamp": seconds, "webhook-signature": signature]
        let id = try StandardWebhooks(secrets: [Secret(secret)])
            .verify(payload: Array("{\"a\":\"合\"}".utf8), at: now) { headers[$0] }
        #expect(id == "msg_2")
    }
}

enum PythonPeer {
    static let isInstalled: Bool = {
        do {
            return try run("import standardwebhooks; print('yes')", []) == "yes\n"
        } catch {
            return false
        }
    }()

    static func run(_ script: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text
    }
}
