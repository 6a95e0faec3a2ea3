import Dispatch
import Glibc

/// Everything a full-screen view wakes up for besides keys, as bytes in one pipe.
final class TopSignals: @unchecked Sendable {
    // `sources` is set once; the pipe's ends are only read and written.
    enum Call: UInt8 { case news = 1, resized, end, hangUp, interrupt, suspend, resume }

    /// Becomes readable when there is a call.
    let descriptor: Int32
    private let writing: Int32
    private var sources: [any DispatchSourceSignal] = []

    init() {
        var ends: [Int32] = [0, 0]
        precondition(pipe(&ends) == 0, "no pipe can be had")
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        descriptor = ends[0]
        writing = ends[1]
        let queue = DispatchQueue(label: "heyi.top.signals")
        let watched: [(Int32, Call)] = [
            (SIGWINCH, .resized), (SIGTERM, .end), (SIGHUP, .hangUp), (SIGINT, .interrupt), (SIGTSTP, .suspend), (SIGCONT, .resume),
        ]
        sources = watched.map { number, call in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { [weak self] in self?.tell(call) }
            source.activate()
            return source
        }
    }

    deinit {
        for source in sources { source.cancel() }
        close(descriptor)
        close(writing)
    }

    /// A full pipe loses a call that says no more than those in it.
    func tell(_ call: Call) {
        var byte = call.rawValue
        _ = write(writing, &byte, 1)
    }

    /// What was called for since the last time.
    func calls() -> [Call] {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 ? bytes[..<count].compactMap { Call(rawValue: $0) } : []
    }
}
