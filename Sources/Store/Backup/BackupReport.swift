package import Commerce

/// What a backup holds, as counted in the backup itself.
package struct BackupReport: Hashable, Sendable {
    package let path: String
    package let bytes: Int64
    /// Of the whole file, lower-case hexadecimal.
    package let sha256: String
    /// Whether the checksum was compared with the manifest made when the backup was.
    /// Without its manifest a backup still passes SQLite's own check of its structure,
    /// which does not notice a flipped bit inside a value.
    package let checksummed: Bool
    package let schema: Int
    /// The store's generation at the time. A store restored from it gets a new one.
    package let generation: String
    /// The newest change in it.
    package let sequence: Int64
    package let changes: Int64
    package let units: Int64
    package let entities: Int64
    package let takenAt: Timestamp

    /// The manifest's canonical JSON; the path is left out so that a backup can be moved.
    var manifest: JSON {
        [
            "format": "heyi-backup-1", "bytes": .integer(bytes), "sha256": .string(sha256),
            "schema": .integer(Int64(schema)), "generation": .string(generation), "sequence": .integer(sequence),
            "changes": .integer(changes), "units": .integer(units), "entities": .integer(entities),
            "taken_at": .integer(takenAt.milliseconds),
        ]
    }

    static func manifestPath(_ path: String) -> String { path + ".manifest" }
}

/// How far a backup has come; pages are SQLite's.
package struct BackupProgress: Hashable, Sendable {
    package let pagesDone: Int
    package let pagesTotal: Int
}
