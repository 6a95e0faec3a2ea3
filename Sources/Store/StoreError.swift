package import Commerce

/// Why the store could not do what was asked; in every case nothing was written.
///
/// Cut by what the caller does next: wait for space, call an operator, fix the
/// input, or give up because the instance is closing.
package enum StoreError: Error, Hashable, Sendable {
    /// The disk is full. Callers may try again once there is room; nothing else is needed.
    case diskFull
    /// The directory or the file may not be written.
    case readOnly(String)
    /// The file is damaged; restore a backup.
    case corrupt(String)
    /// A backup is not what it was when it was made, or no backup at all; take another one.
    case damagedBackup(path: String, reason: String)
    /// Another process serves this directory.
    case alreadyRunning(directory: String, holder: String)
    /// A newer Heyi wrote this store.
    case newerSchema(found: Int, known: Int)
    /// A migration that was applied is not the one in this program.
    case changedMigration(number: Int)
    /// The durability settings did not take.
    case notDurable(String)
    /// The value breaks its unit's rules.
    case invalid(ValidationFailure)
    /// Something named in the request does not exist.
    case notFound(String)
    /// The request contradicts what is stored.
    case contradiction(String)
    /// The store has been closed.
    case closed
    /// SQLite refused for a reason not foreseen here.
    case failed(String)
}

extension StoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .diskFull:
            "the disk is full; nothing was written. Free some space: the daemon goes on by itself"
        case .readOnly(let path): "cannot write to \(path); check its owner, mode and mount"
        case .corrupt(let detail):
            "the store is damaged (\(detail)). Stop the daemon and run: heyi restore BACKUP --directory DIR"
        case .damagedBackup(let path, let reason):
            "\(path) cannot be restored: \(reason). Nothing was changed; choose another backup"
        case .alreadyRunning(let directory, let holder):
            "another heyi (\(holder)) already serves \(directory). Stop it first, or choose another store.directory"
        case .newerSchema(let found, let known):
            "the store has schema \(found), this heyi knows up to \(known). Install the newer heyi again"
        case .changedMigration(let number):
            "migration \(number) in this program is not the one that was applied to this store"
        case .notDurable(let detail): "the store cannot promise durability: \(detail)"
        case .invalid(let failure): failure.description
        case .notFound(let what): "\(what) does not exist"
        case .contradiction(let reason): reason
        case .closed: "the store is closed"
        case .failed(let reason): "the store failed: \(reason)"
        }
    }
}
