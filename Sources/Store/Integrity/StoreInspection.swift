import Foundation
import GRDB

/// A look at the files of a store that this program does not serve.
///
/// Reads only: it takes no lock that a daemon could meet, begins no life and applies no
/// migration. Meant for a stopped store; beside a daemon it sees what is committed.
package final class StoreInspection: StoreReader {
    private let database: DatabaseQueue
    private let directory = Directory()
    package let condition: StoreCondition

    /// - Throws: `.notFound` where no store is, `.corrupt` for a file SQLite cannot read.
    package init(directory path: String) throws(StoreError) {
        let file = path + "/heyi.db"
        guard SystemDisk().exists(file) else {
            // A directory that may not be entered hides the file as well as one that has none.
            throw access(path, X_OK) == 0 || errno == ENOENT ? .notFound("a store in \(path)") : .readOnly(path)
        }
        guard access(file, R_OK) == 0 else { throw .readOnly(file) }
        do {
            database = try StoreInspection.open(file)
            condition = try database.read { db in try StoreCondition(db, directory: path) }
        } catch {
            throw StoreError.from(error)
        }
    }

    /// - Throws: `.newerSchema` for tables this program does not know.
    package func read<T: Sendable>(
        _ body: @escaping @Sendable (Reading) throws(StoreError) -> T
    ) async throws(StoreError) -> T {
        guard condition.schema <= condition.schemaKnown else {
            throw .newerSchema(found: condition.schema, known: condition.schemaKnown)
        }
        let (database, directory) = (self.database, self.directory)
        return try await Store.beside(SystemDisk()) {
            try database.read { db in
                try directory.reload(db)
                return try body(Reading(db: db, directory: directory))
            }
        }
    }

    /// Without a log beside it the file is whole by itself, and is read without making one.
    private static func open(_ file: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "heyi.inspection"
        configuration.readonly = true
        configuration.busyMode = .timeout(Double(Store.patienceMilliseconds) / 1_000)
        guard !SystemDisk().exists(file + "-wal") else { return try DatabaseQueue(path: file, configuration: configuration) }
        var escaped = ""
        for character in file { escaped += "?#%".contains(character) ? "%\(String(character.asciiValue ?? 0, radix: 16))" : String(character) }
        return try DatabaseQueue(path: "file:\(escaped)?immutable=1", configuration: configuration)
    }
}
