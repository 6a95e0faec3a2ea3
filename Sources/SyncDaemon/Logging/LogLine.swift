import Commerce
import Logging

/// One line of the log: one decision, with the names of what it was about.
struct LogLine: Hashable, Sendable {
    let time: Timestamp
    let level: Logger.Level
    /// A stable name for programs, `push.failed`; nil for lines of libraries.
    let event: String?
    let message: String
    /// Sorted, with `channel`, `entity`, `op` and `trace` before the others.
    let fields: [Field]

    struct Field: Hashable, Sendable {
        let name: String
        let value: String
    }

    init(time: Timestamp, level: Logger.Level, message: String, metadata: Logger.Metadata) {
        self.time = time
        self.level = level
        self.message = message
        event = metadata["evt"].map { "\($0)" }
        fields = metadata.filter { $0.key != "evt" }
            .map { Field(name: $0.key, value: "\($0.value)") }
            .sorted { (Self.rank($0.name), $0.name) < (Self.rank($1.name), $1.name) }
    }

    private static func rank(_ name: String) -> Int {
        ["channel", "entity", "op", "trace"].firstIndex(of: name) ?? 4
    }
}
