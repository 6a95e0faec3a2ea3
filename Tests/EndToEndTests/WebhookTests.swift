import ChannelAdapters
import Commerce
import Foundation
import Testing

extension EndToEnd {
    @Suite struct WebhookTests {
        /// The reference implementation of Standard Webhooks; 42 says that it is not installed.
        private func reference(_ folder: TemporaryFolder, headers: String) async throws -> Int32 {
            let script = """
                import sys
                try:
                    from standardwebhooks.webhooks import Webhook, WebhookVerificationError
                except ImportError:
                    sys.exit(42)
                secret, headers, body = (open(path, "rb").read() for path in sys.argv[1:4])
                fields = dict(line.split(": ", 1) for line in headers.decode().splitlines())
                try:
                    Webhook(secret.decode().strip()).verify(body, fields)
                except WebhookVerificationError:
                    sys.exit(1)
                """
            let run = try await Binary.run(
                path: "python3", ["-c", script, folder.file("shop.secret"), folder.file(headers), folder.file("body")])
            #expect([0, 1, 42].contains(run.code), "\(run.all)")
            return run.code
        }

        @Test func `what is signed here is genuine to the reference implementation, and what it signs is genuine here`() async throws {
            let folder = try TemporaryFolder()
            defer { folder.remove() }
            let secret = "whsec_\(Data("the secret of a shop, long enough".utf8).base64EncodedString())"
            try folder.write(secret, to: "shop.secret", secret: true)
            let body = #"{"type": "changed", "data": {"entities": []}, "title": "龙井"}"# + "\n"
            try folder.write(body, to: "body")
            let arguments = ["webhook", "sign", "--secret-file", folder.file("shop.secret"), "--body", folder.file("body")]
            let signed = try await Binary.run("heyi", arguments)
            #expect(signed.code == 0, "\(signed.all)")
            try folder.write(signed.text, to: "headers")
            #expect([0, 42].contains(try await reference(folder, headers: "headers")))
            try folder.write(signed.text.replacing("webhook-id: msg", with: "webhook-id: msh"), to: "forged")
            #expect([1, 42].contains(try await reference(folder, headers: "forged")))

            let script = """
                import sys, datetime
                try:
                    from standardwebhooks.webhooks import Webhook
                except ImportError:
                    sys.exit(42)
                now = datetime.datetime.now(tz=datetime.timezone.utc)
                code = Webhook(open(sys.argv[1]).read()).sign("msg_py", now, open(sys.argv[2]).read())
                print("webhook-id: msg_py", "webhook-timestamp: %d" % now.timestamp(), "webhook-signature: " + code, sep="\\n")
                """
            let other = try await Binary.run(path: "python3", ["-c", script, folder.file("shop.secret"), folder.file("body")])
            guard other.code != 42 else { return }
            try folder.write(other.text, to: "theirs")
            let verify = ["webhook", "verify", "--secret-file", folder.file("shop.secret"), "--headers", folder.file("theirs"), "--body"]
            let good = try await Binary.run("heyi", verify + [folder.file("body")])
            #expect(good.code == 0 && good.text.hasPrefix("valid: message msg_py, signed "), "\(other.all)\(good.all)")
            try folder.write(String(body.dropLast()), to: "shorter")
            let bad = try await Binary.run("heyi", verify + [folder.file("shorter"), "--json"])
            #expect(bad.code == 65)
            #expect(try JSON.parse(bad.text)["reasons"]?.array?.first?.string?.contains("with a newline at its end") == true, "\(bad.all)")
        }

        @Test func `a callback is triggered, previewed without effect, and replayed once`() async throws {
            try await RunningHeyi.serving(visitors: ["py"]) { heyi in
                try await heyi.write(["kind": "product", "id": "cup", "units": ["text.en": ["title": "Cup"], "tags": ["old"]]])
                let config = heyi.folder.file("heyi.yaml")
                let sent = try await heyi.heyi("webhook", "trigger", "py", "deltas", "--entity", "product/cup", "--config", config)
                #expect(sent.code == 0 && sent.text.contains("  204  "), "\(sent.all)")
                try await eventually("it is applied") { try await heyi.json("inbox", "list")["data"]?.array?.first?["state"] == "applied" ? true : nil }
                #expect(try await heyi.value("product/cup", "tags")?.array?.contains("sample-1") == true)
                try await heyi.write(["kind": "product", "id": "cup", "units": ["tags": ["newer"]]])
                let before = try await heyi.json("status")["store"]?["feed_head"]

                let preview = try await heyi.heyi("webhook", "replay", "--since", "1h", "--channel", "py", "--dry-run")
                #expect(preview.code == 0 && preview.text.contains("product/cup:tags would"), "\(preview.all)")
                #expect(try await heyi.json("status")["store"]?["feed_head"] == before)
                #expect(try await heyi.json("inbox", "list")["data"]?.array?.first?["state"] == "applied")

                let replay = try await heyi.heyi("webhook", "replay", "--since", "1h")
                #expect(replay.code == 0 && replay.errors.contains("1 callbacks are applied again"), "\(replay.all)")
                try await eventually("it is applied again") { try await heyi.json("inbox", "list")["data"]?.array?.first?["attempts"] == 2 ? true : nil }
                #expect(try await heyi.json("inbox", "list")["data"]?.array?.count == 1)

                let wrong = try await heyi.heyi("webhook", "trigger", "py", "changed", "--config", config, "--secret-file", try heyi.stranger())
                #expect(wrong.code == 77 && wrong.text.contains("  401  "), "\(wrong.all)")
                let none = try await heyi.heyi("webhook", "trigger", "nobody", "changed", "--config", config)
                #expect(none.code == 78 && none.errors.contains("has no channel nobody"), "\(none.all)")
            }
        }

        @Test func `a receiver verifies, prints and answers as it was told to`() async throws {
            let folder = try TemporaryFolder()
            defer { folder.remove() }
            let secret = "whsec_\(Data("the secret of a shop, long enough".utf8).base64EncodedString())"
            try folder.write(secret, to: "shop.secret", secret: true)
            let receiver = try ChildProcess(
                "\(Binary.directory)/heyi",
                ["webhook", "listen", "--port", "0", "--secret-file", folder.file("shop.secret"), "--answer", "500", "--every", "3", "--json"],
                output: folder.file("out"), errors: folder.file("err"))
            let url = try await eventually("it listens") {
                if receiver.hasEnded { throw Overdue(description: try folder.text("err")) }
                return try folder.text("err").firstMatch(of: /http:\/\/127\.0\.0\.1:\d+/).map { String($0.output) }
            }
            var statuses: [Int?] = []
            let body: JSON = ["type": "changed", "data": ["entities": []]]
            for number in 1...3 {
                let headers = try Loopback.signed(number == 2 ? ["type": "other"] : body, id: "msg_\(number)", secret: secret)
                statuses.append(await Loopback.send(.post, "\(url)/any/path", body, headers: headers)?.status)
            }
            #expect(statuses == [204, 204, 500])
            receiver.signal(SIGTERM)
            #expect(await receiver.ended() == 0)
            let lines = try folder.text("out").split(separator: "\n").map { try JSON.parse(String($0)) }
            #expect(lines.map { $0["signature"]?["valid"] } == [true, false, true])
            #expect(lines.map { $0["answered"] } == [204, 204, 500])
            #expect(lines.allSatisfy { $0["body"] == body && $0["request"] == "POST /any/path" })
        }
    }
}

extension RunningHeyi {
    /// A file with a secret nobody knows here.
    fileprivate func stranger() throws -> String {
        try folder.write("whsec_\(Data("a secret of somebody else here".utf8).base64EncodedString())", to: "stranger.secret", secret: true)
        return folder.file("stranger.secret")
    }
}
