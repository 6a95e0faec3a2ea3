import Commerce
import Glibc

/// The terminal a command writes to: results to standard output, everything else to standard error.
enum Terminal {
    static func print(_ lines: [String]) { write(lines.map { $0 + "\n" }.joined(), to: STDOUT_FILENO) }
    static func print(_ line: String) { print([line]) }
    static func say(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

    /// Bytes as they are, for `--json` and exports.
    static func pass(_ bytes: ArraySlice<UInt8>, to descriptor: Int32 = STDOUT_FILENO) {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { exit(errno == EPIPE ? 0 : ExitStatus.cannotCreate.rawValue) }
        }
    }

    private static func write(_ text: String, to descriptor: Int32) { pass(Array(text.utf8)[...], to: descriptor) }

    /// Columns of the terminal, 80 when it is none, so that scripts get the same every time.
    static var width: Int {
        var size = winsize()
        guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 40 else { return 80 }
        return Int(size.ws_col)
    }

    /// Whether a person can be asked something and see the question.
    static var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    /// Asks on standard error; nil when nothing was answered.
    static func ask(_ question: String) -> String? {
        write(question, to: STDERR_FILENO)
        return readLine(strippingNewline: true)
    }

    static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 }

    static func now() -> Timestamp { SystemTime().now() }

    static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}

/// How long ago or how far off, in the two greatest units that matter to a person.
enum Age {
    static func text(seconds: Int64) -> String {
        switch seconds {
        case ..<0: "0s"
        case ..<120: "\(seconds)s"
        case ..<7_200: "\(seconds / 60)m"
        case ..<172_800: "\(seconds / 3_600)h \(seconds / 60 % 60)m"
        default: "\(seconds / 86_400)d"
        }
    }

    /// `at` in milliseconds; "-" when there is none.
    static func since(_ at: JSON?, now: Timestamp) -> String {
        at?.integer.map { text(seconds: (now.milliseconds - $0) / 1_000) } ?? "-"
    }

    static func until(_ at: JSON?, now: Timestamp) -> String {
        at?.integer.map { $0 <= now.milliseconds ? "now" : "in " + text(seconds: ($0 - now.milliseconds + 999) / 1_000) } ?? "-"
    }
}
