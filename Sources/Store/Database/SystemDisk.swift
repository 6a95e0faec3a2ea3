import Crypto
import Foundation

/// The disk there is.
package struct SystemDisk: Disk {
    package init() {}

    package var isShared: Bool { true }
    package var answersOnCaller: Bool { false }

    package func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    package func contents(_ path: String) -> [UInt8]? { FileManager.default.contents(atPath: path).map { [UInt8]($0) } }

    package func put(_ bytes: [UInt8], at path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemDisk.failure(path) }
        defer { close(descriptor) }
        try SystemDisk.write(bytes[...], to: descriptor, path)
    }

    package func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemDisk.failure(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw SystemDisk.failure(path) }
    }

    package func rename(_ source: String, to path: String) throws {
        guard Foundation.rename(source, path) == 0 else { throw SystemDisk.failure(path) }
    }

    package func remove(_ path: String) throws {
        guard unlink(path) == 0 || errno == ENOENT else { throw SystemDisk.failure(path) }
    }

    package func makeFolder(_ path: String) throws -> Bool {
        if mkdir(path, 0o700) == 0 { return true }
        guard errno == EEXIST else { throw SystemDisk.failure(path) }
        return false
    }

    package func identity(of path: String) throws -> String {
        var found = stat()
        guard stat(path, &found) == 0 else { throw SystemDisk.failure(path) }
        return String(found.st_ino)
    }

    package func digest(_ path: String, copyTo copy: String?) throws -> (sha256: String, bytes: Int64) {
        let source = open(path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw SystemDisk.failure(path) }
        defer { close(source) }
        var sink: Int32 = -1
        if let copy {
            sink = open(copy, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            guard sink >= 0 else { throw SystemDisk.failure(copy) }
        }
        defer { if sink >= 0 { close(sink) } }
        var hash = SHA256()
        var total: Int64 = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(source, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw SystemDisk.failure(path) }
            if count == 0 { break }
            hash.update(data: buffer[..<count])
            total += Int64(count)
            if sink >= 0 { try SystemDisk.write(buffer[..<count], to: sink, copy ?? path) }
        }
        if sink >= 0, fsync(sink) != 0 { throw SystemDisk.failure(copy ?? path) }
        return (Array(hash.finalize()).hexadecimal, total)
    }

    private static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32, _ path: String) throws {
        var left = bytes
        while !left.isEmpty {
            let count = left.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure(path) }
            left = left.dropFirst(count)
        }
    }

    /// What the last system call's `errno` means for the caller.
    private static func failure(_ path: String) -> StoreError { StoreError.from(errno: errno, path: path) }
}
