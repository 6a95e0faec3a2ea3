import Foundation
import Testing

extension EndToEnd {
    @Suite struct SystemdTests {
        private static let analyze = "/usr/bin/systemd-analyze"
        private static var isHere: Bool { FileManager.default.isExecutableFile(atPath: analyze) }
        private static var isFull: Bool { ProcessInfo.processInfo.environment["HEYI_PROOF"] == "full" }

        @Test(.enabled(if: isHere, "systemd-analyze is not installed"))
        func `systemd finds nothing to say about the units, and little about what the service may do`() async throws {
            let folder = try TemporaryFolder()
            defer { folder.remove() }
            for unit in ["heyi.service", "heyi.socket"] {
                let text = try String(contentsOfFile: "\(Repository.root)/deploy/\(unit)", encoding: .utf8)
                // Nothing is installed here.
                try folder.write(text.replacing("/usr/local/bin/heyi", with: "\(Binary.directory)/heyi"), to: unit)
            }
            let verified = try await Binary.run(
                path: SystemdTests.analyze, ["verify", folder.file("heyi.service"), folder.file("heyi.socket")])
            // Other units of the machine may have faults of their own.
            #expect(!verified.all.contains("heyi"), "\(verified.all)")
            let security = try await Binary.run(
                path: SystemdTests.analyze, ["security", "--offline=true", "--no-pager", folder.file("heyi.service")])
            let level = security.text.firstMatch(of: #/exposure level for heyi.service: ([0-9.]+)/#).flatMap { Double($0.1) }
            #expect(try #require(level, "\(security.all)") <= 1.2, "\(security.text)")
        }

        @Test(.enabled(if: isFull && isHere && geteuid() == 0, "needs HEYI_PROOF=full, root and systemd"))
        func `under a real systemd it is started by a socket, reloaded, watched, restarted and drained`() async throws {
            let outcome = try await Binary.run(path: "python3", ["\(Repository.root)/scripts/systemd-check", Binary.directory])
            #expect(outcome.code == 0 && outcome.text.hasSuffix("passed\n") || outcome.code == 77, "\(outcome.all)")
        }
    }
}
