import Commerce
import Synchronization

/// The `Date` of answers, made once a second.
final class DateLine: Sendable {
    private let line = Mutex<(second: Int64, text: String)?>(nil)

    func text(at now: Timestamp) -> String {
        let second = now.milliseconds / 1_000
        return line.withLock { line in
            if let line, line.second == second { return line.text }
            let text = UTC.httpDate(now)
            line = (second, text)
            return text
        }
    }
}
