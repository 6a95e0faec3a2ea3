import CDispatch
import Glibc

/// Tells systemd how the service is, over the socket named by `$NOTIFY_SOCKET`.
///
/// Without systemd every message goes nowhere. A message that cannot be delivered is
/// dropped: systemd notices by its own timeouts, and there is nothing else to do. The
/// kernel keeps some ten messages for whoever does not read them; a further one would wait
/// for as long as he likes, and the daemon with it. So a sign of life is dropped then, and a
/// turn of our life waits a moment only.
struct ServiceNotifier: Sendable {
    enum Message: Hashable, Sendable {
        case ready
        /// Carries the monotonic time, without which systemd would wait for its timeout.
        case reloading(monotonicMicroseconds: UInt64)
        case stopping
        case status(String)
        case watchdog
        case extendTimeout(Duration)

        var text: String {
            switch self {
            case .ready: "READY=1"
            case .reloading(let time): "RELOADING=1\nMONOTONIC_USEC=\(time)"
            case .stopping: "STOPPING=1"
            case .status(let words): "STATUS=\(PlainText.escaped(words))"
            case .watchdog: "WATCHDOG=1"
            case .extendTimeout(let duration):
                "EXTEND_TIMEOUT_USEC=\(duration.components.seconds * 1_000_000 + duration.components.attoseconds / 1_000_000_000_000)"
            }
        }

        /// Whether systemd changes what it thinks of the service; the others come again.
        var isTurn: Bool {
            switch self {
            case .ready, .reloading, .stopping, .extendTimeout: true
            case .status, .watchdog: false
            }
        }
    }

    /// How long a turn of our life waits for room, in microseconds.
    private static let patience = 100_000
    private let path: String?

    /// How often systemd wants to hear that we live; nil when it does not.
    let watchdogTimeout: Duration?

    init(environment: [String: String], processID: Int32 = getpid()) {
        path = environment["NOTIFY_SOCKET"].flatMap { $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil }
        let isOurs = environment["WATCHDOG_PID"].map { $0 == "\(processID)" } ?? true
        watchdogTimeout = environment["WATCHDOG_USEC"].flatMap(Int64.init).flatMap { microseconds in
            microseconds > 0 && isOurs ? .microseconds(microseconds) : nil
        }
    }

    /// Sends messages in one datagram.
    func send(_ messages: Message...) {
        guard let path, var address = UnixAddress(path) else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var patience = timeval(tv_sec: 0, tv_usec: ServiceNotifier.patience)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let waits = messages.contains(where: \.isTurn) ? 0 : Int32(MSG_DONTWAIT)
        let bytes = Array(messages.map(\.text).joined(separator: "\n").utf8)
        _ = address.withPointer { pointer, length in
            bytes.withUnsafeBytes { sendto(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | waits, pointer, length) }
        }
    }

    static func monotonicMicroseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1_000
    }
}
