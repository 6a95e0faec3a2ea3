import Commerce
import Logging

/// Where swift-log's lines go: to a sink and into memory.
struct LogWriter: LogHandler {
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel: Logger.Level

    private let destination: LogDestination

    init(level: Logger.Level, destination: LogDestination) {
        logLevel = level
        self.destination = destination
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = metadata
        fields.merge(metadataProvider?.get() ?? [:]) { _, new in new }
        fields.merge(event.metadata ?? [:]) { _, new in new }
        if let error = event.error { fields["error"] = "\(error)" }
        destination.write(level: event.level, message: event.message.description, metadata: fields)
    }
}

/// What all loggers of one process share.
struct LogDestination: Sendable {
    let time: any TimeSource
    let format: LogFormat
    let colour: Bool
    let recent: RecentLog
    /// Takes whole lines with their line break.
    let sink: @Sendable (String) -> Void

    func write(level: Logger.Level, message: String, metadata: Logger.Metadata) {
        let line = LogLine(time: time.now(), level: level, message: message, metadata: metadata)
        recent.append(line)
        sink(line.rendered(format, colour: colour) + "\n")
    }
}

extension LogLevel {
    var loggerLevel: Logger.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .warning: .warning
        case .error: .error
        }
    }
}
