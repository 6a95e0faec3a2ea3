import Store
import Testing

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

    static let kinds: [(faults: FaultyDisk.Faults, name: String)] = [
        (.full, "full"), (.read, "read"), (.write, "write"), (.sync, "sync"),
    ]

    /// As HEYI_TROUBLE takes it.
    var description: String {
        let names = Trouble.kinds.filter { faults.contains($0.faults) }.map(\.name)
        return "\(scenario.name):\(names.joined(separator: "+")):\(first ?? 0):\(count)"
    }

    init(scenario: Scenario, faults: FaultyDisk.Faults, first: Int? = nil, count: Int = 1) {
        (self.scenario, self.faults, self.first, self.count) = (scenario, faults, first, count)
    }

    /// Reads SCENARIO:KIND:FIRST:COUNT.
    init(words: String) throws {
        let words = words.split(separator: ":").map(String.init)
        try #require(words.count == 4, "SCENARIO:KIND:FIRST:COUNT")
        scenario = try #require(Scenario.all.first { $0.name == words[0] })
        faults = try #require(Trouble.kinds.first { $0.name == words[1] }).faults
        first = Int(words[2])
        count = try #require(Int(words[3]))
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
        // A log that could not be begun.
        case .notDurable: !faults.isDisjoint(with: [.write, .sync])
        case .contradiction: scenario.allowed.contains(.refusal)
        default: false
        }
    }
}
