package import Commerce
import GRDB

extension Reading {
    /// Since when the oldest open conflict has waited for a person; nil when none is open.
    package func oldestOpenConflict() throws(StoreError) -> Timestamp? {
        try instant("SELECT min(opened_at) FROM conflict WHERE resolved_seq IS NULL", [])
    }

    /// Since when the oldest exception of a channel in one state has stood.
    package func oldestException(
        _ channel: ChannelRecord, _ state: ChannelException.State
    ) throws(StoreError) -> Timestamp? {
        try instant("SELECT min(since) FROM exception WHERE channel = ? AND state = ?", [channel.number, state.rawValue])
    }

    /// By the clock of that time, when the first and the newest change were committed; nil where there is none.
    package func changeTimes() throws(StoreError) -> (first: Timestamp, newest: Timestamp)? {
        guard let first = try instant("SELECT at FROM change ORDER BY seq LIMIT 1", []),
            let newest = try instant("SELECT at FROM change ORDER BY seq DESC LIMIT 1", [])
        else { return nil }
        return (first, newest)
    }

    private func instant(_ sql: String, _ arguments: StatementArguments) throws(StoreError) -> Timestamp? {
        try perform { db in
            try Int64.fetchOne(db.cachedStatement(sql: sql), arguments: arguments).map { Timestamp(milliseconds: $0) }
        }
    }
}
