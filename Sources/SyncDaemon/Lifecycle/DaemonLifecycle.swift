import Commerce
import Glibc
import Logging

/// Starts a daemon, tells systemd, serves signals and stops it in time.
///
/// HUP reloads; when the new configuration is wrong the old one stays and the reason
/// is logged and shown as the unit's status. TERM or INT drains within the drain
/// timeout; a second one leaves at once with 143 or 130. Nothing that hangs keeps the
/// process: a start or a reload that does not end is cut off by the same timeout.
struct DaemonLifecycle: Sendable {
    /// What the daemon does at each turn of its life.
    struct Duties: Sendable {
        /// Returns when requests are served; migrations, listeners and recovery are behind it.
        var start: @Sendable () async throws -> Void
        /// Takes a new configuration, or throws and has changed nothing.
        var reload: @Sendable () async throws -> Void
        /// Stops taking work and ends what is in flight; the process does not wait longer than the drain timeout.
        var drain: @Sendable () async -> Void
        /// Whether every loop has turned lately; the watchdog is fed only then.
        var makesProgress: @Sendable () async -> Bool
        /// One line for `systemctl status`.
        var status: @Sendable () async -> String
        /// Throws when the daemon cannot go on; never returns otherwise.
        var failure: @Sendable () async throws -> Void
    }

    let duties: Duties
    let notifier: ServiceNotifier
    let time: any TimeSource
    let logger: Logger
    let drainTimeout: Duration
    /// How long the watchdog is fed without any progress.
    var progressWithin = Duration.seconds(20)
    var statusEvery = Duration.seconds(5)
    /// How long what was cancelled may take to notice, once everything is drained.
    var stragglersEndWithin = Duration.seconds(5)
    var exitNow: @Sendable (Int32) -> Void = { code in _exit(code) }

    private enum Event: Sendable {
        case signal(LifecycleStateMachine.Signal)
        case started
        case startFailed(any Error)
        case reloaded((any Error)?)
        case drained(inTime: Bool)
        case failed(any Error)
    }

    /// Runs until the daemon has stopped.
    ///
    /// - Returns: 0 after a drain in time, 75 after one that was cut short.
    /// - Throws: what `start` or `failure` threw.
    func run(signals: AsyncStream<LifecycleStateMachine.Signal>) async throws -> Int32 {
        let (events, send) = AsyncStream.makeStream(of: Event.self)
        var ending: Task<Void, Never>?
        defer { ending?.cancel() }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { for await signal in signals { send.yield(.signal(signal)) } }
            group.addTask {
                do {
                    try await duties.start()
                    send.yield(.started)
                } catch {
                    send.yield(.startFailed(error))
                }
            }
            var machine = LifecycleStateMachine()
            for await event in events {
                var action = try decide(event, &machine)
                while true {
                    switch action {
                    case .none: break
                    case .announceReady:
                        notifier.send(.ready, .status(await duties.status()))
                        logger.info("serving", metadata: ["evt": "daemon.ready"])
                        group.addTask { await watch() }
                        group.addTask { await reportStatus() }
                        group.addTask {
                            do { try await duties.failure() } catch is CancellationError { return } catch { send.yield(.failed(error)) }
                        }
                        action = machine.served()
                        continue
                    case .reload:
                        notifier.send(.reloading(monotonicMicroseconds: ServiceNotifier.monotonicMicroseconds()))
                        group.addTask {
                            do {
                                try await duties.reload()
                                send.yield(.reloaded(nil))
                            } catch {
                                send.yield(.reloaded(error))
                            }
                        }
                    case .drain:
                        notifier.send(.stopping, .status("draining"), .extendTimeout(drainTimeout + .seconds(5)))
                        logger.info("draining; a second signal stops now", metadata: ["evt": "daemon.draining"])
                        group.addTask {
                            await duties.drain()
                            send.yield(.drained(inTime: true))
                        }
                        group.addTask { await limit(send) }
                    case .awaitEnd:
                        logger.info("to be drained after what is under way; a second signal stops now", metadata: ["evt": "daemon.ending"])
                        group.addTask { await limit(send) }
                    case .exitNow(let code):
                        logger.warning("stopped before everything in flight had ended", metadata: ["evt": "daemon.stopped", "code": "\(code)"])
                        exitNow(code)
                        return code
                    case .finish(let code):
                        logger.info("stopped", metadata: ["evt": "daemon.stopped", "code": "\(code)"])
                        ending = Task { await leave(code) }
                        return code
                    }
                    break
                }
            }
            return ExitStatus.bug.rawValue
        }
    }

    /// Says when the time for a drain is over.
    private func limit(_ send: AsyncStream<Event>.Continuation) async {
        do { try await time.sleep(for: drainTimeout) } catch { return }
        send.yield(.drained(inTime: false))
    }

    /// Leaves although something does not end: all is drained and the store is closed, so it has nothing to lose.
    private func leave(_ code: Int32) async {
        do { try await time.sleep(for: stragglersEndWithin) } catch { return }
        logger.warning("something of ours did not end when it was told to", metadata: ["evt": "daemon.straggler", "code": "\(code)"])
        exitNow(code)
    }

    private func decide(_ event: Event, _ machine: inout LifecycleStateMachine) throws -> LifecycleStateMachine.Action {
        switch event {
        case .signal(let signal): return machine.received(signal)
        case .started: return machine.started()
        case .startFailed(let error), .failed(let error):
            notifier.send(.stopping, .status("failed: \(error)"))
            throw error
        case .reloaded(let error):
            if let error {
                logger.error("the old configuration stays: \(error)", metadata: ["evt": "config.rejected"])
                notifier.send(.ready, .status("the old configuration stays: \(error)"))
            } else {
                logger.info("configuration reloaded", metadata: ["evt": "config.reloaded"])
                notifier.send(.ready, .status("configuration reloaded"))
            }
            return machine.reloaded()
        case .drained(let inTime): return machine.drained(inTime: inTime)
        }
    }

    private func watch() async {
        guard let timeout = notifier.watchdogTimeout else { return }
        var wasStuck = false
        let probe = ProgressProbe(within: progressWithin, time: time, makesProgress: duties.makesProgress)
        while !Task.isCancelled {
            if probe.look() {
                notifier.send(.watchdog)
                wasStuck = false
            } else if !wasStuck {
                wasStuck = true
                logger.error("a loop stands still; systemd will restart us", metadata: ["evt": "watchdog.stuck"])
            }
            do { try await time.sleep(for: min(timeout / 2, progressWithin / 4)) } catch { return }
        }
    }

    private func reportStatus() async {
        while !Task.isCancelled {
            do { try await time.sleep(for: statusEvery) } catch { return }
            notifier.send(.status(await duties.status()))
        }
    }
}
