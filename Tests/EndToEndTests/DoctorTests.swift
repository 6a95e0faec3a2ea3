import ChannelAdapters
import Commerce
import Foundation
import Testing

extension EndToEnd {
    @Suite struct DoctorTests {
        /// Checks that the machine the tests run on can fail without any fault of ours.
        private let hardware: Set<String> = ["H03", "H18", "H26", "H28"]

        private func amiss(_ report: JSON) -> [String] {
            (report["checks"]?.array ?? []).compactMap { check in
                guard let id = check["id"]?.string, let finding = check["finding"]?.string else { return nil }
                return finding == "ok" || finding == "skipped" || hardware.contains(id) ? nil : id
            }
        }

        @Test func `a running daemon is healthy, and what breaks is found with the command to run`() async throws {
            try await RunningHeyi.serving(shops: ["web"], visitors: ["py"]) { heyi in
                chmod(heyi.folder.file("heyi.yaml"), 0o640)
                try await heyi.write(Goods.cup)
                try await heyi.inStep()
                let healthy = try await heyi.json("doctor")
                #expect(amiss(healthy) == [], "\(healthy.text)")
                #expect(healthy["by_daemon"] == true)
                let drift = healthy["checks"]?.array?.first { $0["id"] == "H09" }
                #expect((drift?["evidence"]?["compared"]?.integer ?? 0) > 0)
                #expect(try await heyi.heyi("doctor", "--check", "H05,H13").code == 0)

                let shop = try heyi.shop("web")
                shop.process.signal(SIGKILL)
                _ = await shop.process.ended()
                let gone = try await heyi.heyi("doctor", "--check", "7")
                #expect(gone.code == 1, "\(gone.all)")
                #expect(gone.text.contains("web cannot be reached") && gone.text.contains("next: curl"))
                chmod(heyi.folder.file("py.secret"), 0o644)
                let open = try await heyi.heyi("doctor", "--check", "H04,H07", "--fix-hints")
                #expect(open.code == 2, "\(open.all)")
                let commands = open.text.split(separator: "\n").filter { !$0.hasPrefix("#") }
                #expect(commands.first?.hasPrefix("chmod 0600") == true, "the worst comes first: \(open.text)")
            }
        }

        @Test func `an account at a platform whose key is gone is named with its setting, and no platform is asked offline`() async throws {
            try await RunningHeyi.serving(visitors: ["py"]) { heyi in
                await heyi.end(SIGTERM)
                let path = heyi.folder.file("gateways.yaml")
                try """
                store:
                  directory: \(heyi.folder.file("elsewhere"))
                listen:
                  socket: \(heyi.folder.file("nobody.sock"))
                gateways:
                  - {id: track, kind: 17track, keys: [file:\(heyi.folder.file("track.key"))]}

                """.write(toFile: path, atomically: false, encoding: .utf8)
                let found = try await heyi.heyi("doctor", "--config", path, "--check", "H29,H30", "--offline")
                #expect(found.code == 2, "\(found.all)")
                #expect(found.text.contains("track cannot be connected: keys") && found.text.contains("listen.public_url is not set"), "\(found.all)")
                #expect(found.text.contains("next: heyi check-config"))
            }
        }

        @Test func `a daemon that was killed leaves files that are examined and not touched`() async throws {
            try await RunningHeyi.serving(visitors: ["py"]) { heyi in
                try await heyi.write(Goods.cup)
                await heyi.end(SIGKILL)
                let path = heyi.folder.file("heyi.yaml")
                chmod(path, 0o640)
                let report = try await heyi.json("doctor", "--config", path)
                #expect(amiss(report) == ["H19"], "\(report.text)")
                #expect(report["by_daemon"] == false && report.text.contains("left its socket behind"))
                try heyi.configure(extra: "push:\n  bacth: 3")
                let wrong = try await heyi.heyi("doctor", "--config", path, "--check", "17")
                #expect(wrong.code == 2 && wrong.text.contains("bacth") && wrong.text.contains("next: heyi check-config"), "\(wrong.all)")
                try heyi.configure()
                try await heyi.start()
                #expect(try await heyi.value("product/cup", "tags") == ["daily"])
            }
        }

        @Test func `a support bundle holds nothing that a person or a channel wrote`() async throws {
            let phone = "13912345678"
            let email = "anna.meyer@example.com"
            try await RunningHeyi.serving(shops: ["web"], visitors: ["py"]) { heyi in
                try heyi.configure(extra: "# ask \(email) or \(phone), password hunter2\npull:\n  page: 50")
                heyi.signal(SIGHUP)
                try await heyi.write(
                    ["kind": "product", "id": .string("mobile-\(phone)"), "units": ["text.en": ["title": .string("Call \(phone), \(email)")]]])
                try await heyi.inStep()
                try await heyi.shop("web").turn(["reject": 1_000])
                try await heyi.write(["kind": "product", "id": .string("mobile-\(phone)"), "units": ["tags": [.string(email)]]])
                try await eventually("a push is refused") {
                    try await heyi.json("queue", "list")["data"]?.array?.isEmpty == false ? true : nil
                }
                _ = try await heyi.heyi("queue", "drop", "--channel", "web", "--reason", "\(email) said so, \(phone)")
                _ = try await heyi.callback("py", id: "c-\(phone)", [RunningHeyi.delta("product/x", "nonsense.\(phone)", [.string(email)])])
                _ = try await heyi.callback("py", id: "d-\(phone)", [], secret: "whsec_" + Data("another secret, as long as it".utf8).base64EncodedString())
                _ = try await heyi.heyi("token", "create", "till-\(phone)", "--scope", "read", "--days", "3")
                _ = try await heyi.heyi("backup", heyi.folder.file("\(phone).sqlite"))
                _ = try await heyi.heyi(
                    "channel", "add", "ghost", "--kind", "web", "--endpoint", "http://127.0.0.1:1/\(phone)/tok_51HxyzSECRET",
                    "--secret", heyi.folder.file("web.secret"), "--allow-private-addresses")
                let seen = try await heyi.heyi("log", "--limit", "1000")
                #expect(seen.text.contains(phone) && seen.text.contains(email), "the log of the host does say it")

                let path = heyi.folder.file("support.tar.gz")
                let listed = try await heyi.heyi("support-bundle", "--dry-run")
                #expect(listed.code == 0 && listed.text.contains("log.jsonl") && !FileManager.default.fileExists(atPath: path))
                let made = try await heyi.heyi("support-bundle", "--output", path)
                #expect(made.code == 0 && made.text.contains(path), "\(made.all)")
                let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
                #expect(mode == 0o600)
                let unpacked = try await Binary.run(path: "tar", ["-xzOf", path])
                let names = try await Binary.run(path: "tar", ["-tzf", path])
                #expect(unpacked.code == 0 && unpacked.text.contains("\"push_requests\"") && unpacked.text.contains("queue.drop"))
                #expect(unpacked.text.contains("\"H07\"") && unpacked.text.contains("CREATE TABLE") && unpacked.text.contains("\"ghost\""))
                let secret = try heyi.secret(of: "web")
                for mark in [phone, email, "anna", "hunter2", "tok_51H", "127.0.0.1", heyi.folder.path, secret, String(secret.dropFirst(6)), "whsec", "heyi_t"] {
                    #expect(!unpacked.text.contains(mark), "\(mark) is in the bundle")
                    #expect(!names.text.contains(mark), "\(mark) names a file of the bundle")
                }
            }
        }
    }
}
