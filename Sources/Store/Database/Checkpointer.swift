import Dispatch
import GRDB
import GRDBSQLite
import Synchronization

/// Moves the write-ahead log into the database beside the writer, on a connection of its own.
///
/// Copying and syncing megabytes takes longer than anybody should wait for a commit. A passive
/// checkpoint waits for nobody and holds nobody up; but what is written meanwhile keeps the log
/// from beginning anew. So when it has grown long and little is left to be moved, the writer
/// moves that little itself between two commits, and the next one begins the log again.
/// What readers still need stays in the log, until it is so long that a short wait is the lesser evil.
final class Checkpointer: Sendable {
    enum Outcome { case done, failed }

    /// Pages in the log after which a pause of the writer is used.
    private static let pausePages = 8_192
    /// Pages after which it is done under load, too.
    private static let loadPages = 32_768
    /// Pages after which the writer moves the last ones itself, and how many these may be.
    private static let longPages = 49_152
    private static let lastPages = 512
    /// Pages after which readers are waited for, `patienceMilliseconds` at most.
    private static let waitPages = 262_144
    private static let patienceMilliseconds: Int32 = 250

    private struct State {
        var database: DatabaseQueue?
        var isRunning = false
        var isClosed = false
        /// What the last run came to, until the writer takes notice.
        var outcome: Outcome?
        /// Pages of the log that are in the database.
        var moved = 0
        var due = Checkpointer.pausePages
        var last = 0
    }

    private enum Step { case nothing, beside, here }

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "heyi.store.checkpoint")
    private let path: String
    private let configuration: Configuration

    /// - Parameter configuration: the writer's, so that a checkpoint syncs as its commits do.
    init(path: String, configuration: Configuration) {
        self.path = path
        self.configuration = configuration
    }

    /// Does or begins what is due, given the pages in the log. Called by the writer between two commits.
    ///
    /// - Returns: how a checkpoint ended, if one did since the last call.
    func consider(pages: Int, isIdle: Bool, in writer: any DatabaseWriter) -> Outcome? {
        let (step, ended) = state.withLock { state in
            let ended = state.outcome
            state.outcome = nil
            return (Checkpointer.step(&state, pages: pages, isIdle: isIdle), ended)
        }
        switch step {
        case .nothing: return ended
        case .beside:
            queue.async { self.moveBeside() }
            return ended
        case .here: return moveHere(pages, writer)
        }
    }

    private static func step(_ state: inout State, pages: Int, isIdle: Bool) -> Step {
        guard !state.isRunning, !state.isClosed else { return .nothing }
        if pages < state.last {
            state.due = pausePages
            state.moved = 0
        }
        state.last = pages
        guard pages > (isIdle ? state.due : max(state.due, loadPages)) else { return .nothing }
        // Readers may keep the log from being moved; what grows meanwhile is not worth two fsyncs yet.
        state.due = pages + pausePages / 4
        if pages > waitPages || pages > longPages && pages - state.moved <= lastPages { return .here }
        // What came during a run is soon moved by another, so that each leaves less behind.
        if pages > longPages { state.due = pages }
        state.isRunning = true
        return .beside
    }

    private func moveBeside() {
        var moved: Int?
        do {
            moved = try connection().writeWithoutTransaction { db in try db.checkpoint(.passive).checkpointedFrameCount }
        } catch {
            // Nothing is lost by it; the writer counts it and a later pause tries again.
            moved = nil
        }
        state.withLock { state in
            state.isRunning = false
            state.outcome = moved == nil ? .failed : .done
            state.moved = moved ?? state.moved
        }
    }

    private func moveHere(_ pages: Int, _ writer: any DatabaseWriter) -> Outcome {
        do {
            let moved = try writer.writeWithoutTransaction { db in
                guard pages > Checkpointer.waitPages else { return try db.checkpoint(.passive) }
                sqlite3_busy_timeout(db.sqliteConnection, Checkpointer.patienceMilliseconds)
                defer { sqlite3_busy_timeout(db.sqliteConnection, Store.patienceMilliseconds) }
                return try db.checkpoint(.restart)
            }
            state.withLock { $0.moved = moved.checkpointedFrameCount }
            return .done
        } catch {
            // Nothing is lost by it; the writer counts it and a later pause tries again.
            return .failed
        }
    }

    /// Opened when it is needed first: most stores never fill a log.
    private func connection() throws -> DatabaseQueue {
        if let held = state.withLock({ $0.database }) { return held }
        let made = try DatabaseQueue(path: path, configuration: configuration)
        state.withLock { $0.database = made }
        return made
    }

    /// Waits for a run that is under way and begins none any more. The writer is still open then, so its files stay whole.
    func close() async {
        state.withLock { $0.isClosed = true }
        await withCheckedContinuation { continuation in queue.async { continuation.resume() } }
        state.withLock { $0.database = nil }
    }
}
