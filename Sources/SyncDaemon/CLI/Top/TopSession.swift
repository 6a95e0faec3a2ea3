import Glibc

/// The live screen: keys, signals and news in, frames out.
final class TopSession {
    private let screen = Screen()
    private let signals = TopSignals()
    private let watch: TopWatch
    private let every: String
    private var view: TopView
    private var keys = KeyReader()

    init(_ client: SocketClient, every: Duration, view: TopView) {
        let signals = self.signals
        watch = TopWatch(client, every: every) { signals.tell(.news) }
        self.every = DurationText.write(every)
        self.view = view
    }

    /// Runs until the person or a signal ends it, and leaves the terminal as it was.
    ///
    /// - Returns: the exit code.
    func run() -> Int32 {
        screen.enter()
        defer { screen.leave() }
        watch.start()
        draw(anew: true)
        while true {
            var polled = [pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0), pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0)]
            // Every second at least, for what tells how long ago something was; soon, when an escape stands alone.
            let ready = poll(&polled, 2, keys.isUndecided ? 50 : 1_000)
            var anew = false
            if ready > 0, polled[1].revents != 0 {
                for call in signals.calls() {
                    switch call {
                    case .news: break
                    case .resized, .resume:
                        screen.enter()
                        anew = true
                    case .interrupt: return 0
                    case .end: return 128 + SIGTERM
                    case .hangUp: return 128 + SIGHUP
                    case .suspend:
                        screen.leave()
                        // To this thread, not to the process: another thread may take that one, and this one would
                        // draw on until it is stopped as well.
                        raise(SIGSTOP)
                        screen.enter()
                        anew = true
                    }
                }
            }
            var pressed: [Key] = []
            if ready > 0, polled[0].revents != 0 {
                var bytes = [UInt8](repeating: 0, count: 256)
                let count = read(STDIN_FILENO, &bytes, bytes.count)
                // The terminal is gone.
                guard count > 0 || (count < 0 && (errno == EINTR || errno == EAGAIN)) else { return 128 + SIGHUP }
                if count > 0 { pressed = keys.take(bytes[..<count]) }
            } else if keys.isUndecided {
                pressed = keys.settle()
            }
            for key in pressed {
                switch take(key) {
                case .quit: return 0
                case .redraw: anew = true
                case .readNow, .nothing: break
                }
            }
            draw(anew: anew)
        }
    }

    private func take(_ key: Key) -> TopView.Wish {
        let frame = self.frame
        let ids = frame.readings.map { view.rows($0).map(\.id) } ?? []
        let wish = view.take(key, ids: ids, page: frame.page)
        watch.pause(view.isPaused)
        if wish == .readNow { watch.readNow() }
        return wish
    }

    private var frame: TopFrame {
        let size = Screen.size
        let state = watch.current
        let silence = state.silence.map { silence in
            (silence.reason, Int64((SystemTime().monotonicNanoseconds() - silence.since) / 1_000_000_000))
        }
        return TopFrame(
            readings: state.readings, view: view, width: size.width, height: size.height, silence: silence, every: every)
    }

    private func draw(anew: Bool) { screen.draw(frame.lines, anew: anew) }
}
