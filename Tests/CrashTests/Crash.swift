import Commerce

/// The power goes at one step of a scenario, perhaps again while what it left is put right.
struct Crash: CustomStringConvertible, Sendable {
    let scenario: Scenario
    /// The step; nil lets the scenario run through.
    var at: Int?
    var mode = FaultyDisk.AfterCut.clean
    /// Steps of the recoveries at which the power goes again, one after the other.
    var again: [Int] = []

    struct End {
        /// Whether the power went.
        var wasCut = false
        /// Steps of the whole, or of the recovery where the power went.
        var steps = 0
        var problems: [String] = []
    }

    var description: String {
        "\(scenario.name):\(at.map(String.init) ?? "-"):\(mode)" + again.map { ":\($0)" }.joined()
    }

    private var seed: UInt64 { UInt64(at ?? 0) &* 31 &+ UInt64(again.reduce(0, +)) &* 1_009 &+ UInt64(mode.rawValue) }

    func play() -> End {
        var end = End()
        do {
            let stage = try Stage(scenario, seed: 1)
            stage.disk.cut(at: at)
            end.wasCut = try isCut(stage) { try stage.proceed() }
            if end.wasCut {
                try stage.reboot(mode, seed: seed)
                for (number, step) in again.enumerated() {
                    stage.disk.cut(at: step)
                    let cutAgain = try isCut(stage) {
                        try stage.reopen()
                        try stage.proceed()
                    }
                    if cutAgain { try stage.reboot(mode, seed: seed &+ UInt64(number + 7)) }
                }
                stage.disk.cut(at: nil)
                try stage.reopen()
                try stage.proceed()
                try stage.close()
            }
            end.steps = stage.disk.steps
            try stage.judge()
            try stage.close()
            end.problems = stage.problems
        } catch {
            end.problems.append("threw \(error)")
        }
        return end
    }

    /// Runs `body` and then closes; says whether the power went meanwhile. Errors count only while it is on.
    private func isCut(_ stage: Stage, _ body: () throws -> Void) throws -> Bool {
        do {
            try body()
            try stage.close()
        } catch {
            guard stage.disk.isCut else { throw error }
        }
        return stage.disk.isCut
    }
}
