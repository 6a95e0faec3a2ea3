/// What the engine's actors run on: a queue each in the daemon, one seeded executor in a simulation.
package struct EngineExecutor: Sendable {
    let serial: any SerialExecutor
    /// Where a worker's tasks run while they are on no actor; nil is the system's pool.
    ///
    /// Only a seeded run sets this, which needs every step in its own order. In the daemon a
    /// preference for the actor's own queue once in some thousand waits left a loop asleep for
    /// ever under load: the runtime lost the wake-up, and even cancelling did not bring it back.
    let preference: (any TaskExecutor)?

    package init(_ serial: any SerialExecutor, preference: (any TaskExecutor)? = nil) {
        self.serial = serial
        self.preference = preference
    }
}
