import Foundation

/// A file system of a few megabytes with room for one daemon's store.
struct SmallDisk {
    let path: String

    static var isPossible: Bool { geteuid() == 0 && FileManager.default.fileExists(atPath: "/bin/mount") }

    /// - Throws: where mounting is not allowed even to root.
    static func mounted(megabytes: Int, at path: String) async throws -> SmallDisk {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let mount = try await Binary.run(path: "mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m", "heyi-test", path])
        guard mount.code == 0 else { throw Overdue(description: "no disk: \(mount.all)") }
        return SmallDisk(path: path)
    }

    /// Takes up all the room that is left.
    func fill() throws {
        let descriptor = open("\(path)/ballast", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        defer { close(descriptor) }
        let block = [UInt8](repeating: 1, count: 4_096)
        while write(descriptor, block, block.count) > 0 {}
    }

    func makeRoom() throws { try FileManager.default.removeItem(atPath: "\(path)/ballast") }

    func unmount() async throws { _ = try await Binary.run(path: "umount", ["-l", path]) }
}
