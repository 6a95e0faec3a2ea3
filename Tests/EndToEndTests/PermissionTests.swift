import Foundation
import Testing

extension EndToEnd {
    @Suite struct PermissionTests {
        private static let setpriv = "/usr/bin/setpriv"
        private static var isPossible: Bool { geteuid() == 0 && FileManager.default.isExecutableFile(atPath: setpriv) }

        @Test(.enabled(if: isPossible, "only root can become somebody else"))
        func `a store of somebody else is refused by name, with a code of its own`() async throws {
            let folder = try TemporaryFolder()
            defer { folder.remove() }
            let store = folder.file("store")
            try FileManager.default.createDirectory(
                atPath: store, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try folder.write(
                """
                store:
                  directory: \(store)
                listen:
                  public: 127.0.0.1:0
                  admin: 127.0.0.1:0
                  socket: \(folder.file("heyi.sock"))
                """, to: "heyi.yaml")
            for (path, mode) in [(folder.path, 0o755), (folder.file("heyi.yaml"), 0o644)] {
                try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            }
            let outcome = try await Binary.run(
                path: PermissionTests.setpriv,
                ["--reuid=65534", "--regid=65534", "--clear-groups", "\(Binary.directory)/heyi", "serve", "--config", folder.file("heyi.yaml")])
            #expect(outcome.code == 77, "\(outcome.all)")
            #expect(outcome.errors.contains(store), "\(outcome.all)")
        }
    }
}
