import Crypto
import Foundation

/// Files that are wholly there or not at all, also after the power fails.
enum DurableFile {
    /// Puts `bytes` at `path`, replacing what was there in one step.
    static func write(_ bytes: [UInt8], to path: String) throws {
        let staged = path + ".partial"
        let descriptor = open(staged, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(staged) }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure(staged) }
            written += count
        }
        guard fsync(descriptor) == 0 else { throw failure(staged) }
        try move(staged, to: path)
    }

    /// Renames within one file system and makes the new name durable.
    static func move(_ source: String, to path: String) throws {
        guard rename(source, path) == 0 else { throw failure(path) }
        try sync(directoryOf: path)
    }

    static func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(path) }
    }

    static func sync(directoryOf path: String) throws {
        let parent = (path as NSString).deletingLastPathComponent
        try sync(parent.isEmpty ? "." : parent)
    }

    /// Takes a file away if it is there.
    static func remove(_ path: String) throws {
        guard unlink(path) == 0 || errno == ENOENT else { throw failure(path) }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// SHA-256 and length of a file, read in pieces; written on to `copy` when one is given.
    static func digest(_ path: String, copyTo copy: String? = nil) throws -> (sha256: String, bytes: Int64) {
        let source = open(path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw failure(path) }
        defer { close(source) }
        var sink: Int32 = -1
        if let copy {
            sink = open(copy, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            guard sink >= 0 else { throw failure(copy) }
        }
        defer { if sink >= 0 { close(sink) } }
        var hash = SHA256()
        var total: Int64 = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(source, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure(path) }
            if count == 0 { break }
            hash.update(data: buffer[..<count])
            total += Int64(count)
            var written = 0
            while sink >= 0, written < count {
                let step = buffer[written..<count].withUnsafeBytes { Foundation.write(sink, $0.baseAddress, $0.count) }
                if step < 0 && errno == EINTR { continue }
                guard step > 0 else { throw failure(copy ?? path) }
                written += step
            }
        }
        if sink >= 0, fsync(sink) != 0 { throw failure(copy ?? path) }
        return (Array(hash.finalize()).hexadecimal, total)
    }

    /// What the last system call's `errno` means for the caller.
    static func failure(_ path: String) -> StoreError { StoreError.from(errno: errno, path: path) }
}

extension [UInt8] {
    /// Two lower-case hexadecimal digits a byte.
    var hexadecimal: String {
        map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
