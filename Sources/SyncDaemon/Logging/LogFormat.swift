/// How log lines look.
enum LogFormat: String, CaseIterable, Sendable {
    /// `text` on a terminal, `journal` under systemd, `json` otherwise.
    case auto
    case text
    case json
    /// `key=value` with the priority prefix that the journal takes off.
    case journal
}

/// The least important lines that are written.
enum LogLevel: String, CaseIterable, Sendable {
    case debug, info, warning, error
}
