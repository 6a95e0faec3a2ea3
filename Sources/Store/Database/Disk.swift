/// What a store's small files lie on, step by step: between any two of them the power may go.
///
/// SQLite has files of its own; these are the ones beside them. There is one disk in
/// production, ``SystemDisk``; tests bring one that fails when they say so.
package protocol Disk: Sendable {
    /// Whether other processes come to it too, so that a directory must be claimed.
    var isShared: Bool { get }
    /// Whether a store's work runs on its caller, piece by piece, as a seeded run needs it.
    var answersOnCaller: Bool { get }

    func exists(_ path: String) -> Bool
    /// All of a file; nil where there is none or it cannot be read.
    func contents(_ path: String) -> [UInt8]?
    /// Makes a file hold `bytes`; not durable before it is synced.
    func put(_ bytes: [UInt8], at path: String) throws
    /// Makes a file, or the names in a folder, durable.
    func sync(_ path: String) throws
    /// Renames within one file system; not durable before the folder is synced.
    func rename(_ source: String, to path: String) throws
    /// Takes a file away if it is there.
    func remove(_ path: String) throws
    /// - Returns: false when something of that name is there.
    func makeFolder(_ path: String) throws -> Bool
    /// What tells a file or folder from its copies; it keeps it when it is renamed.
    func identity(of path: String) throws -> String
    /// SHA-256 and length of a file, read in pieces; written on to `copy`, durably, when one is given.
    func digest(_ path: String, copyTo copy: String?) throws -> (sha256: String, bytes: Int64)
}

extension Disk {
    /// Puts `bytes` at `path`, replacing what was there in one step: wholly there or not at all, also after the power fails.
    func write(_ bytes: [UInt8], to path: String) throws {
        let staged = path + ".partial"
        try put(bytes, at: staged)
        try sync(staged)
        try move(staged, to: path)
    }

    /// Renames and makes the new name durable.
    func move(_ source: String, to path: String) throws {
        try rename(source, to: path)
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        try sync(folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder)
    }
}
