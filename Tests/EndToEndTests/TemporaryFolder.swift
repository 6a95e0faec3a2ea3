import Foundation
import Testing

/// A new folder for one test, with a path short enough for a socket in it.
struct TemporaryFolder {
    let path: String

    init() throws {
        let parent = FileManager.default.temporaryDirectory.path
        var template = Array("\(parent.utf8.count <= 50 ? parent : "/tmp")/heyi-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteNoPermission) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func text(_ name: String) throws -> String { String(decoding: try Data(contentsOf: URL(fileURLWithPath: file(name))), as: UTF8.self) }

    /// - Parameter secret: Whether only its owner may read it.
    func write(_ text: String, to name: String, secret: Bool = false) throws {
        try text.write(toFile: file(name), atomically: true, encoding: .utf8)
        if secret { try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file(name)) }
    }

    func remove() {
        do { try FileManager.default.removeItem(atPath: path) } catch { Issue.record("\(path) stays behind: \(error)") }
    }
}
