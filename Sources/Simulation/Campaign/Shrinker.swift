import ChannelSimulators
import Commerce

/// Shortens a plan that fails until nothing can be left out of it.
package struct Shrinker: Sendable {
    /// Runs spent at most.
    package var runsMax = 1_500

    package init() {}

    /// - Returns: the shortest plan found that breaks the same law, what it reports, and the runs it took.
    package func shrink(_ plan: Plan) -> (plan: Plan, report: RunReport, runs: Int) {
        var search = Search(best: plan, report: plan.run(), left: runsMax)
        guard let law = search.report.violations.first?.law else { return (plan, search.report, 1) }
        search.law = law
        var before = 0
        repeat {
            before = search.runs
            search.thin(\.later)
            search.thin(\.steps)
            search.calm()
            search.shorten(\.steps)
            search.shorten(\.later)
        } while search.left > 0 && search.improved(since: before)
        return (search.best, search.report, search.runs)
    }

    private struct Search {
        var best: Plan
        var report: RunReport
        var left: Int
        var law = ""
        var runs = 1
        private var lastSuccess = 0

        init(best: Plan, report: RunReport, left: Int) {
            self.best = best
            self.report = report
            self.left = left
        }

        func improved(since run: Int) -> Bool { lastSuccess > run }

        /// Takes a plan that still fails the same way.
        mutating func take(_ plan: Plan) -> Bool {
            guard left > 0, plan != best else { return false }
            left -= 1
            runs += 1
            let found = plan.run()
            guard found.violations.contains(where: { $0.law == law }) else { return false }
            best = plan
            report = found
            lastSuccess = runs
            return true
        }

        /// Leaves steps out, first many at once, at last one by one.
        mutating func thin(_ steps: WritableKeyPath<Plan, [Step]>) {
            var size = max(1, best[keyPath: steps].count / 2)
            while true {
                var start = 0
                while start < best[keyPath: steps].count {
                    var plan = best
                    plan[keyPath: steps].removeSubrange(start..<min(start + size, plan[keyPath: steps].count))
                    if !take(plan) { start += size }
                }
                if size == 1 { return }
                size /= 2
            }
        }

        /// Takes faults away, first all of a channel's, then each.
        mutating func calm() {
            for index in best.channels.indices {
                var plan = best
                plan.channels[index].habits = SimulatedChannel.Habits()
                plan.channels[index].traits = []
                if take(plan) { continue }
                for trait in best.channels[index].traits.sorted(by: { $0.rawValue < $1.rawValue }) {
                    var plan = best
                    plan.channels[index].traits.remove(trait)
                    _ = take(plan)
                }
                for calmed in SimulatedChannel.Habits.each {
                    var plan = best
                    calmed(&plan.channels[index].habits)
                    _ = take(plan)
                }
            }
            for index in best.platforms.indices {
                var plan = best
                plan.platforms[index].dials = GatewayDials()
                if take(plan) { continue }
                for calmed in GatewayDials.each {
                    var plan = best
                    calmed(&plan.platforms[index].dials)
                    _ = take(plan)
                }
            }
        }

        /// Takes the waiting out.
        mutating func shorten(_ steps: WritableKeyPath<Plan, [Step]>) {
            for index in best[keyPath: steps].indices where best[keyPath: steps][index].pause > 0 {
                let step = best[keyPath: steps][index]
                var plan = best
                plan[keyPath: steps][index] = Step(
                    step.kind, channel: step.channel, unit: step.unit, number: step.number, pause: 0)
                _ = take(plan)
            }
        }
    }
}

extension SimulatedChannel.Habits {
    /// Each takes one habit away.
    fileprivate static let each: [@Sendable (inout SimulatedChannel.Habits) -> Void] = [
        { $0.refuses = 0 }, { $0.losesRequest = 0 }, { $0.losesAnswer = 0 }, { $0.fails = 0 },
        { $0.storesThenFails = 0 }, { $0.throttles = 0 }, { $0.rejectsDelta = 0 }, { $0.defersDelta = 0 },
        { $0.repeats = 0 }, { $0.forgets = 0 }, { ($0.stormEvery, $0.stormLasts) = (0, 0) }, { $0.delayMax = 0 }, { $0.shufflesPulls = false }, { $0.staleMax = 0 },
    ]
}
