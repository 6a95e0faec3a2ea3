package import Dispatch

/// Runs an actor on a Dispatch queue of its own.
///
/// `DispatchSerialQueue` is not to be had on Linux; this is what it would do. The
/// queue's label names the actor in every backtrace.
package final class WorkerQueueExecutor: SerialExecutor, TaskExecutor {
    package let queue: DispatchQueue

    package init(label: String) { queue = DispatchQueue(label: label) }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async {
            job.runSynchronously(
                isolatedTo: self.asUnownedSerialExecutor(), taskExecutor: self.asUnownedTaskExecutor())
        }
    }

    package func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
}

