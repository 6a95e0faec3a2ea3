import Foundation

/// The inputs in `Tests/FuzzTests/Corpus`: small real samples, and every input that ever found something.
enum Corpus {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Corpus")

    /// - Parameter start: of their names; all without.
    static func inputs(of target: String, named start: String = "") throws -> [[UInt8]] {
        let place = folder.appending(path: target)
        guard FileManager.default.fileExists(atPath: place.path) else { return [] }
        let names = try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
        return try names.filter { $0.hasPrefix(start) }.map { Array(try Data(contentsOf: place.appending(path: $0))) }
    }

    static func targets() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
}
