import Store

/// A disk that fails without losing power, once or for a while, in the middle of a scenario.
struct Trouble: CustomStringConvertible, Sendable {
    let scenario: Scenario
    let faults: FaultyDisk.Faults
    /// The operation at which it begins, counted among those that could fail; nil: none fails.
    var first: Int?
    var count = 1

    struct End {
        /// Operations that could have failed.
        var operations = 0
        var problems: [String] = []
    }

    var description: String {
        let kinds: [(FaultyDisk.Faults, String)] = [(.full, "full"), (.read, "read"), (.write, "write"), (.sync, "sync")]
        let names = kinds.filter { faults.contains($0.0) }.map(\.1).joined(separator: "+")
        return "\(scenario.name), \(names) from \(first ?? 0), \(count) times"
    }

    func play() -> End {
        var end = End()
        do {
            let stage = try Stage(scenario, seed: 2)
            stage.disk.fail(faults, first: first ?? Int.max, count: count)
            if first == nil { try stage.proceed() } else { try stage.proceedPatiently(isHonest) }
            end.operations = stage.disk.matched.all
            try stage.judge()
            if let first, first % 2 == 0 {
                // With the power gone the store has only what syncs made durable after all.
                stage.disk.cut(at: 1)
                try stage.reboot(.onlySynced, seed: 0)
                try stage.reopen()
                try stage.living().settle(rounds: 200)
            } else {
                try stage.close()
            }
            try stage.judge()
            try stage.close()
            end.problems = stage.problems
        } catch {
            end.problems.append("threw \(error)")
        }
        return end
    }

    /// Whether an error tells the caller what is wrong: a full disk is no damage, and a failing one is not full.
    private func isHonest(_ error: StoreError) -> Bool {
        switch error {
        case .diskFull: faults.contains(.full)
        case .failed: !faults.isDisjoint(with: [.read, .write, .sync])
        case .contradiction: scenario.allowed.contains(.refusal)
        default: false
        }
    }
}
