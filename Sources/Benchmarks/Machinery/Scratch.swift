import Foundation

/// A directory of a run's own, gone when the run ends.
final class Scratch {
    let path: String
    private var count = 0

    init(in parent: String) throws {
        path = "\(parent)/heyi-bench-\(getpid())"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// A fresh directory below.
    func directory(_ name: String) throws -> String {
        count += 1
        let made = "\(path)/\(name)-\(count)"
        try FileManager.default.createDirectory(
            atPath: made, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        return made
    }

    func remove() {
        // Already gone when a signal was faster.
        if FileManager.default.fileExists(atPath: path) { Scratch.remove(path) }
    }

    /// What cannot be removed is named, not hidden.
    static func remove(_ path: String) {
        do { try FileManager.default.removeItem(atPath: path) } catch {
            FileHandle.standardError.write(Data("left behind: \(path): \(error.localizedDescription)\n".utf8))
        }
    }
}
