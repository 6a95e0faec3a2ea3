import Foundation
import GRDB
import GRDBSQLite

extension StoreError {
    /// Cuts SQLite's result codes into our cases. Bound values never enter the text.
    ///
    /// An I/O error says nothing about its cause by itself; with the connection at
    /// hand, the system's own error number does.
    static func from(_ error: any Error, in db: Database? = nil) -> StoreError {
        if let known = error as? StoreError { return known }
        if error is RowDecodingError { return .corrupt("a row holds a value of the wrong type") }
        guard let sqlite = error as? DatabaseError else { return .failed(String(describing: type(of: error))) }
        let message = sqlite.message ?? "no message"
        let code = sqlite.extendedResultCode.rawValue
        switch sqlite.resultCode {
        case .SQLITE_FULL: return .diskFull
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: return .corrupt(message)
        case .SQLITE_READONLY, .SQLITE_PERM: return .readOnly(message)
        // GRDB answers a closed connection with this code.
        case .SQLITE_MISUSE where db?.sqliteConnection == nil: return .closed
        case .SQLITE_IOERR, .SQLITE_CANTOPEN:
            if let db, let connection = db.sqliteConnection {
                switch sqlite3_system_errno(connection) {
                case ENOSPC, EDQUOT, EFBIG: return .diskFull
                case EROFS, EACCES, EPERM: return .readOnly(message)
                default: break
                }
            }
            if sqlite.resultCode == .SQLITE_CANTOPEN { return .readOnly(message) }
            return .failed("SQLite \(code): \(message). The disk or its file system does not answer; see the kernel's log")
        default: return .failed("SQLite \(code): \(message)")
        }
    }

    /// The same for a system call on a file of ours.
    static func from(errno number: Int32, path: String) -> StoreError {
        switch number {
        case ENOSPC, EDQUOT, EFBIG: .diskFull
        case EROFS, EACCES, EPERM: .readOnly(path)
        case ENOENT, ENOTDIR: .notFound(path)
        default: .failed("\(path): \(String(cString: strerror(number)))")
        }
    }
}
