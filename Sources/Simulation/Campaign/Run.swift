import Commerce
import ConflictResolution
import Store

/// What became of one plan.
package struct RunReport: Sendable {
    package var violations: [Violation] = []
    /// A fingerprint of every choice, commit and value; equal for equal runs.
    package var trace: UInt64 = 0
    package var jobs = 0
    /// Virtual time that passed.
    package var lasted: Duration = .zero
    package var requests = 0
}

extension Plan {
    /// How long the slowest channel may take to be in step once nothing goes wrong any more.
    static let settlingMax: Duration = .seconds(4 * 3_600)

    /// Plays the plan: traffic under faults, healing, and new traffic after everything was quiet.
    ///
    /// Runs on the calling thread and never yields it; call it from a thread of its own.
    /// - Parameter onEvent: told each of the engine's events with the virtual time.
    package func run(onEvent: (@Sendable (String) -> Void)? = nil) -> RunReport {
        var report = RunReport()
        do {
            let world = try World(self, onEvent: onEvent)
            let began = world.executor.now()
            do {
                try play(world)
            } catch let error as SeededExecutor.Stuck where error.isSpinning {
                world.violations.append(.busy("something goes round without ever waiting"))
            } catch {
                world.violations.append(.stuck("\(error)"))
            }
            report.violations = world.violations
            report.jobs = world.executor.jobs
            report.lasted = world.executor.now() - began
            report.requests = world.channels.reduce(0) { $0 + $1.ledger.requests }
            // Who spins answers nothing any more.
            guard !world.executor.isSpinning else {
                report.trace = world.executor.trace
                return report
            }
            try world.fingerprint()
            try world.finish()
            report.trace = world.executor.trace
        } catch {
            report.violations.append(.stuck("\(error)"))
        }
        return report
    }

    private func play(_ world: World) throws {
        for step in steps where world.violations.isEmpty { try world.act(step) }
        guard world.violations.isEmpty else { return }
        try settle(world, "after healing")
        for step in later where world.violations.isEmpty { try world.act(step) }
        guard world.violations.isEmpty else { return }
        try settle(world, "after new traffic")
        guard world.violations.isEmpty else { return }
        world.violations += try world.conclude()
    }

    private func settle(_ world: World, _ phase: String) throws {
        try world.heal()
        world.violations += try world.settle(Plan.settlingMax, isReviving: true).map { .unsettled("\(phase): \($0)") }
    }
}

extension World {
    /// Takes up into the trace what everybody holds at the end.
    fileprivate func fingerprint() throws {
        let heads = try read { reading throws(StoreError) in
            try World.units.map { unit throws(StoreError) in try reading.head(unit) }
        }
        for head in heads { mark(head.map { "\($0.sequence) \($0.stamp.raw)".utf8.map { $0 } + ($0.live ?? []) } ?? []) }
        for channel in channels {
            for (entity, unit, value) in channel.contents { mark("\(entity) \(unit)".utf8.map { $0 } + value.bytes) }
        }
    }

    private func mark(_ bytes: [UInt8]) { for byte in bytes { executor.mark(UInt64(byte)) } }
}
