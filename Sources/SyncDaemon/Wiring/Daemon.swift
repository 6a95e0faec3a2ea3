import Commerce
import Foundation
import Logging
import Store
import Synchronization

/// Wires the rooms together. Each entry answers the process's exit code.
enum Daemon {
    /// Serves until a signal ends it; `source` is read again at a reload.
    static func run(_ configuration: Configuration, source: ConfigurationSource) async throws -> Int32 {
        umask(0o077)
        let surroundings = Surroundings.system
        let log = LogDestination.standardError(
            configuration.log, environment: source.environment, time: surroundings.time)
        log.bootstrap(level: configuration.log.level)
        let logger = Logger(label: "heyi")
        let inherited: [Listener: Int32]
        do throws(InheritedSocketError) {
            inherited = try InheritedDoors.assign(InheritedSocket.take(source.environment), to: configuration.listen)
        } catch {
            logger.critical("\(error)", metadata: ["evt": "sockets.refused"])
            return ExitStatus.configuration.rawValue
        }
        let plant: Plant
        do {
            plant = try Plant(
                configuration, source: source, environment: source.environment, surroundings: surroundings, logger: logger)
        } catch let error as StoreError {
            logger.critical("\(error)", metadata: ["evt": "store.refused"])
            return exitCode(error)
        }
        let lifecycle = DaemonLifecycle(
            duties: duties(plant, configuration, source, inherited), notifier: ServiceNotifier(environment: source.environment),
            time: surroundings.time, logger: logger, drainTimeout: configuration.shutdown.drainTimeout,
            progressWithin: configuration.watchdog.progressWithin)
        // The sources fire only as long as somebody holds them.
        let sources = SignalSources()
        defer { withExtendedLifetime(sources) {} }
        do {
            return try await lifecycle.run(signals: sources.signals)
        } catch {
            logger.critical("\(error)", metadata: ["evt": "daemon.failed"])
            await plant.stop()
            return ExitStatus.unreachable.rawValue
        }
    }

    private static func duties(
        _ plant: Plant, _ configuration: Configuration, _ source: ConfigurationSource,
        _ inherited: [Listener: Int32]
    ) -> DaemonLifecycle.Duties {
        DaemonLifecycle.Duties(
            start: { try await plant.start(configuration, inherited: inherited) },
            reload: {
                do throws(ConfigurationProblems) {
                    let next = try Configuration.load(source)
                    do { try await plant.reload(next) } catch let problems as ConfigurationProblems {
                        throw problems
                    } catch {
                        throw ConfigurationProblems(problems: [
                            ConfigurationProblem(origin: nil, words: "\(error)")
                        ])
                    }
                    plant.status.note(nil)
                } catch {
                    plant.status.note("\(error)")
                    throw error
                }
            },
            drain: { await plant.stop() },
            makesProgress: { await plant.progress.isMade() },
            status: { await statusLine(plant) },
            failure: { try await plant.failure() })
    }

    /// One line for `systemctl status`.
    private static func statusLine(_ plant: Plant) async -> String {
        do throws(DeskError) {
            let report = try await plant.status.report()
            let inStep = report.channels.count { $0.inStep }
            let lag = report.channels.map(\.lag).max() ?? .zero
            return "\(report.channels.count) channels, \(inStep) in step, lag \(lag.components.seconds) s, \(report.conflictsOpen) conflicts"
        } catch {
            return "status cannot be read: \(error)"
        }
    }

    static func restore(from backup: String, into configuration: Configuration, json: Bool) async throws -> Int32 {
        do throws(StoreError) {
            let report = try await Store.restore(
                from: backup, to: configuration.store.directory, replace: true)
            let directory = configuration.store.directory
            let text: JSON = [
                "restored": .string(report.path), "directory": .string(directory),
                "changes": .integer(report.changes), "seq": .integer(report.sequence),
                "checksummed": .bool(report.checksummed),
            ]
            Terminal.print(
                json
                    ? text.text
                    : "restored \(report.changes) changes up to \(report.sequence) into \(directory); every channel is looked at before anything is pushed")
            return 0
        } catch {
            Terminal.say("heyi: \(error)")
            return exitCode(error)
        }
    }

    static func demo(once: Bool, seed: UInt64, directory: String?) async throws -> Int32 {
        try await Demo(once: once, seed: seed, directory: directory).run()
    }

    static func exitCode(_ error: StoreError) -> Int32 {
        switch error {
        case .readOnly: ExitStatus.permission.rawValue
        case .diskFull, .alreadyRunning, .closed: ExitStatus.tryLater.rawValue
        case .corrupt, .damagedBackup, .invalid, .notFound, .contradiction: ExitStatus.badData.rawValue
        case .newerSchema, .changedMigration, .notDurable, .failed: ExitStatus.bug.rawValue
        }
    }
}
