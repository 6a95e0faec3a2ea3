import GRDB

extension StoreError {
    /// Cuts SQLite's result codes into our cases. Bound values never enter the text.
    static func from(_ error: any Error) -> StoreError {
        if let known = error as? StoreError { return known }
        guard let sqlite = error as? DatabaseError else { return .failed(String(describing: type(of: error))) }
        let message = sqlite.message ?? "no message"
        switch sqlite.resultCode {
        case .SQLITE_FULL: return .diskFull
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM: return .readOnly(message)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: return .corrupt(message)
        // A write that fails for lack of space surfaces as an I/O error when the WAL cannot grow.
        case .SQLITE_IOERR where sqlite.extendedResultCode == .SQLITE_IOERR_WRITE: return .diskFull
        default: return .failed("SQLite \(sqlite.extendedResultCode.rawValue): \(message)")
        }
    }
}
