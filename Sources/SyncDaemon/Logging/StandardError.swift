import CDispatch
import Commerce
import Glibc
import Logging

/// The process's standard error as a place for whole lines.
enum StandardError {
    /// Writes a line in one call, so that lines of several threads do not mix.
    static func write(_ line: String) {
        var bytes = Array(line.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if count > 0 {
                bytes = bytes.dropFirst(count)
            } else if errno != EINTR {
                // A closed or full standard error must not stop the daemon; there is nobody left to tell.
                return
            }
        }
    }

    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Whether systemd's journal reads it: `$JOURNAL_STREAM` names its device and inode.
    static func isJournal(_ environment: [String: String]) -> Bool {
        var status = stat()
        guard let stream = environment["JOURNAL_STREAM"], fstat(STDERR_FILENO, &status) == 0 else { return false }
        return stream == "\(status.st_dev):\(status.st_ino)"
    }

    /// What `auto` means here.
    static func format(_ chosen: LogFormat, environment: [String: String]) -> LogFormat {
        guard chosen == .auto else { return chosen }
        return isJournal(environment) ? .journal : isTerminal ? .text : .json
    }
}

extension LogDestination {
    /// The log of a running daemon.
    static func standardError(
        _ configuration: Configuration.Log, environment: [String: String], time: any TimeSource
    ) -> LogDestination {
        LogDestination(
            time: time,
            format: StandardError.format(configuration.format, environment: environment),
            colour: StandardError.isTerminal && environment["NO_COLOR"] == nil,
            recent: RecentLog(linesMax: configuration.recentLines),
            sink: StandardError.write)
    }

    /// Makes this the destination of every logger. Call it once, before the first line.
    func bootstrap(level: LogLevel) {
        LoggingSystem.bootstrap { _ in LogWriter(level: level.loggerLevel, destination: self) }
    }
}
