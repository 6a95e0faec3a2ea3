import Foundation

/// A file system of a few megabytes, where mounting one is allowed.
final class TinyDisk: Sendable {
    let path: String

    static let isPossible: Bool = {
        do {
            _ = try TinyDisk(megabytes: 1)
            return true
        } catch { return false }
    }()

    struct Refused: Error { let status: Int32 }

    init(megabytes: Int) throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("heyi-disk-\(UUID())").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        do {
            try TinyDisk.run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "heyi-test", path)
        } catch {
            try FileManager.default.removeItem(atPath: path)
            throw error
        }
    }

    func remountReadOnly() throws { try TinyDisk.run("mount", "-o", "remount,ro", path) }

    /// Takes up all the room that is left.
    func fill() throws {
        let descriptor = open(path + "/ballast", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        defer { close(descriptor) }
        let block = [UInt8](repeating: 1, count: 4_096)
        while write(descriptor, block, block.count) > 0 {}
    }

    func empty() throws { try FileManager.default.removeItem(atPath: path + "/ballast") }

    deinit {
        do {
            try TinyDisk.run("umount", "-l", path)
            try FileManager.default.removeItem(atPath: path)
        } catch { print("left mounted: \(path): \(error)") }
    }

    private static func run(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Refused(status: process.terminationStatus) }
    }
}
