import Dispatch

/// A timer on a queue that ends with its owner.
final class QueueTimer {
    private let source: any DispatchSourceTimer

    init(queue: DispatchQueue) {
        source = DispatchSource.makeTimerSource(queue: queue)
        source.schedule(deadline: .distantFuture)
        source.resume()
    }

    deinit { source.cancel() }

    func onFire(_ action: @escaping () -> Void) { source.setEventHandler(handler: action) }

    func fire(after wait: DispatchTimeInterval) { source.schedule(deadline: .now() + wait) }

    func fire(every interval: DispatchTimeInterval) {
        source.schedule(deadline: .now() + interval, repeating: interval)
    }

    func pause() { source.schedule(deadline: .distantFuture) }
}
