package import ChannelAdapters
import Commerce
import Foundation
import Synchronization

/// Plays the plans of many seeds, on as many threads as asked for.
package struct Campaign: Sendable {
    package struct Failure: Sendable {
        package let plan: Plan
        package let report: RunReport
    }

    package struct Tally: Sendable {
        package var runs = 0
        /// By seed.
        package var failures: [Failure] = []
        /// Changes when the trace of any run changes, whatever order they were played in.
        package var trace: UInt64 = 0
        package var lasted: Duration = .zero
        package var requests = 0
        package var jobs = 0
    }

    package var planted: Mistake?
    /// Every payment platform is of this kind, and seeds whose buyers pay at none are counted without being played.
    package var at: GatewayKind?
    package var threads = 1
    /// Plays each plan twice and fails it when the runs differ.
    package var twice = false
    /// Stops at the first seed that fails.
    package var stopsAtFirst = false

    package init() {}

    /// - Parameter progress: told after each run, from any thread; returns whether to go on.
    package func run(
        _ seeds: Range<UInt64>, progress: @escaping @Sendable (Tally) -> Bool = { _ in true }
    ) async -> Tally {
        let board = Board(seeds, stopsAtFirst: stopsAtFirst, threads: max(1, threads))
        await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
            for _ in 0..<max(1, threads) {
                let thread = Thread {
                    while let seed = board.draw() {
                        if !progress(board.note(play(seed))) { board.stop() }
                    }
                    if board.leave() { done.resume() }
                }
                thread.stackSize = 8 << 20
                thread.start()
            }
        }
        return board.result
    }

    /// What the threads of a campaign share: which seed is next, and what came of the last ones.
    private final class Board: Sendable {
        private struct State {
            var next: UInt64
            var threads: Int
            var tally = Tally()
            var isStopped = false
        }

        private let state: Mutex<State>
        private let end: UInt64
        private let stopsAtFirst: Bool

        init(_ seeds: Range<UInt64>, stopsAtFirst: Bool, threads: Int) {
            state = Mutex(State(next: seeds.lowerBound, threads: threads))
            end = seeds.upperBound
            self.stopsAtFirst = stopsAtFirst
        }

        func draw() -> UInt64? {
            state.withLock { state in
                guard !state.isStopped, state.next < end else { return nil }
                defer { state.next += 1 }
                return state.next
            }
        }

        func note(_ played: Failure) -> Tally {
            state.withLock { state in
                state.tally.take(played)
                if stopsAtFirst, !played.report.violations.isEmpty { state.isStopped = true }
                return state.tally
            }
        }

        func stop() { state.withLock { $0.isStopped = true } }

        /// - Returns: whether this was the last thread.
        func leave() -> Bool {
            state.withLock { state in
                state.threads -= 1
                return state.threads == 0
            }
        }

        var result: Tally {
            var tally = state.withLock { $0.tally }
            tally.failures.sort { $0.plan.seed < $1.plan.seed }
            return tally
        }
    }

    private func play(_ seed: UInt64) -> Failure {
        let plan = Plan(seed: seed, planted: planted, at: at)
        if at != nil, plan.platforms.isEmpty { return Failure(plan: plan, report: RunReport()) }
        var report = plan.run()
        if twice, report.violations.isEmpty {
            let again = plan.run()
            if again.trace != report.trace {
                report.violations.append(.stuck("played twice, the runs differ: trace \(report.trace) and \(again.trace)"))
            }
        }
        return Failure(plan: plan, report: report)
    }
}

extension Campaign.Tally {
    fileprivate mutating func take(_ played: Campaign.Failure) {
        runs += 1
        if !played.report.violations.isEmpty { failures.append(played) }
        var mixed = played.plan.seed &* 0x9E37_79B9_7F4A_7C15 ^ played.report.trace
        mixed = (mixed ^ (mixed >> 31)) &* 0xBF58_476D_1CE4_E5B9
        trace &+= mixed
        lasted += played.report.lasted
        requests += played.report.requests
        jobs += played.report.jobs
    }
}
