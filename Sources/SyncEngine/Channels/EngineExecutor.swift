/// What the engine's actors run on: a queue each in the daemon, one seeded executor in a simulation.
package typealias EngineExecutor = SerialExecutor & TaskExecutor
