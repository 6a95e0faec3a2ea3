package import Dispatch

/// Runs an actor on one serial Dispatch queue, whose label names it in every backtrace.
///
/// What waits for the queue's own sources (sockets, timers) then shares the actor's
/// isolation: a handler enters the actor by `assumeIsolated`, without another hop.
/// `DispatchSerialQueue`, which would do the same, is not to be had on Linux.
package final class SerialQueueExecutor: SerialExecutor {
    package let queue: DispatchQueue

    package init(label: String) { queue = DispatchQueue(label: label) }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    package func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}
