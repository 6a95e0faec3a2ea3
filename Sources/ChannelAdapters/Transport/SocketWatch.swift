import Dispatch
import Glibc

/// Tells curl's loop when one of its sockets can be read or written.
///
/// Watches a duplicate of the descriptor. curl closes a socket in the same breath in
/// which it takes its interest back, while a Dispatch source lets go of a descriptor
/// only when its cancel handler runs; without the duplicate a new socket could get
/// the old number in between and be deaf for ever.
final class SocketWatch {
    private let duplicate: Int32
    private let queue: DispatchQueue
    private let ready: (Int32) -> Void
    private var reading: (any DispatchSourceProtocol)?
    private var writing: (any DispatchSourceProtocol)?
    private var wantsRead = false
    private var wantsWrite = false

    /// - Parameter ready: Called on `queue` with the curl flags of what is possible now.
    /// - Returns: nil when the process has no descriptor left.
    init?(socket: Int32, queue: DispatchQueue, ready: @escaping (Int32) -> Void) {
        duplicate = fcntl(socket, F_DUPFD_CLOEXEC, 0)
        guard duplicate >= 0 else { return nil }
        self.queue = queue
        self.ready = ready
    }

    func want(read: Bool, write: Bool) {
        if read != wantsRead {
            wantsRead = read
            if reading == nil { reading = source(forReading: true) } else { toggle(reading, on: read) }
        }
        if write != wantsWrite {
            wantsWrite = write
            if writing == nil { writing = source(forReading: false) } else { toggle(writing, on: write) }
        }
    }

    /// Ends the watch; no `ready` comes after this. Must be called exactly once.
    func cancel() {
        let descriptor = duplicate
        let open = DispatchGroup()
        for (source, active) in [(reading, wantsRead), (writing, wantsWrite)] {
            guard let source else { continue }
            open.enter()
            source.setCancelHandler { open.leave() }
            source.cancel()
            // A suspended source never runs its cancel handler and must not be released.
            if !active { source.resume() }
        }
        open.notify(queue: queue) { close(descriptor) }
        reading = nil
        writing = nil
    }

    private func source(forReading: Bool) -> any DispatchSourceProtocol {
        let ready = self.ready
        let source: any DispatchSourceProtocol =
            forReading
            ? DispatchSource.makeReadSource(fileDescriptor: duplicate, queue: queue)
            : DispatchSource.makeWriteSource(fileDescriptor: duplicate, queue: queue)
        source.setEventHandler { ready(forReading ? 1 : 2) }
        source.resume()
        return source
    }

    private func toggle(_ source: (any DispatchSourceProtocol)?, on: Bool) {
        if on { source?.resume() } else { source?.suspend() }
    }
}
