import Commerce
import Store

/// A scenario under way on one disk after the other.
final class Stage: @unchecked Sendable {
    // Unchecked because one thread runs everything in it.
    let scenario: Scenario
    let outside: Outside
    private(set) var disk: FaultyDisk
    private(set) var life: Life?
    /// How many of the scenario's steps are done.
    private(set) var done = 0
    /// Whether there has been a store that a new one must not be put in place of.
    private var hasStore = false
    private(set) var problems: [String] = []

    init(_ scenario: Scenario, seed: UInt64) throws {
        self.scenario = scenario
        outside = Outside(seed: seed, shops: scenario.shops)
        disk = try FaultyDisk()
        guard !(scenario.before.isEmpty && scenario.beginsClosed) else { return }
        for step in scenario.before { try step.run(self) }
        try living().settle()
        if scenario.beginsClosed { try close() }
    }

    /// The life there is, or a new one.
    func living() throws -> Life {
        if let life { return life }
        let life = try open()
        try start(life)
        return life
    }

    private func start(_ life: Life) throws {
        do { try life.start() } catch {
            try close()
            throw error
        }
        hasStore = hasStore || !disk.isCut
    }

    private func open() throws -> Life {
        let life = try Life(outside, on: disk)
        self.life = life
        if let rebirth = life.store.life.rebirth, !scenario.allowed.contains(.rebirth), hasStore || rebirth != .created {
            note("when it was opened", ["the store took itself for one that was \(rebirth)"])
        }
        return life
    }

    func close() throws {
        let ending = life
        life = nil
        try ending?.end()
        if disk.isCut { throw Life.PowerCut() }
    }

    /// Does what is left to do, then waits for quiet and closes the store.
    func proceed() throws {
        while done < scenario.steps.count {
            try scenario.steps[done].run(self)
            if disk.isCut && !scenario.steps[done].isOutside { throw Life.PowerCut() }
            done += 1
        }
        outside.heal()
        try living().settle(rounds: 200)
    }

    /// The power is gone: whatever ran ends, and the machine starts again with what the disk kept.
    func reboot(_ mode: FaultyDisk.AfterCut, seed: UInt64) throws {
        let ending = life
        life = nil
        try ending?.end()
        disk = disk.reboot(mode, seed: seed)
        outside.heal()
    }

    /// Opens the store after a cut and looks whether it kept its word, before anything else happens.
    func reopen() throws {
        let life: Life
        do {
            life = try open()
        } catch StoreError.contradiction where scenario.allowed.contains(.refusal) {
            // A restore was cut short: it has to be done again before the store opens.
            return
        }
        do {
            note("when opened again", try life.brokenPromises() + life.findings())
            try scenario.atOnce?(life)
        } catch {
            try close()
            throw error
        }
        try start(life)
    }

    /// Does what is left to do on a disk that has its troubles, each thing again until it is answered.
    ///
    /// The store is not opened anew by itself: once the trouble is over, it has to go on as it is.
    func proceedPatiently(_ honest: (StoreError) -> Bool) throws {
        while done < scenario.steps.count {
            var tries = 0
            while true {
                do {
                    try scenario.steps[done].run(self)
                    break
                } catch let error as StoreError {
                    if !honest(error) { note("while the disk failed", ["it said: \(error)"]) }
                    tries += 1
                    if tries == 5 { disk.heal() }
                    if tries == 10 { throw error }
                    outside.pass(.seconds(1))
                }
            }
            done += 1
        }
        disk.heal()
        outside.heal()
        // Until everybody has asked again: what a shop's people wrote meanwhile is not seen to be missing.
        outside.pass(.seconds(120))
        try living().settle(rounds: 200)
    }

    /// What must be so when all is done.
    func judge() throws {
        let life = try living()
        note("in the end", try life.unsettled() + life.brokenPromises() + life.findings() + life.doubled() + outside.leaks)
        // After a restore, what the shops hold beyond it is taken up from them.
        if !scenario.allowed.contains(.rebirth) { note("in the end", try life.imagined()) }
        if !scenario.allowed.contains(.dead) { note("in the end", try life.dead()) }
        note("in the end", try scenario.outcome(life))
    }

    private func note(_ when: String, _ found: [String]) {
        // Without power nobody can look.
        guard !disk.isCut else { return }
        problems += found.map { "\(when), \($0)" }
    }
}
