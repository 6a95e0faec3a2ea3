import ArgumentParser
import ChannelAdapters
import Commerce
import Foundation
import Simulation
import Synchronization

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Prove the engine against thousands of simulated bad days.",
        discussion: """
            Each seed is a day: the production engine, SQLite in memory and four channels with faults of
            their own, in one thread under virtual time. Edits, deletions, kills, restored backups and
            relinked shops happen; then all heals, and every channel must be in step, with nothing lost,
            doubled or invented. The same seed is the same run, job by job.

            A seed that fails is shortened to a plan that still fails, which --save keeps in a file; with
            --seeds 1 it keeps the whole plan of a seed that does not fail.
            Exit code 0: nothing failed (or the planted fault was found), 1: something did.

            Examples:
              heyi simulate --seeds 1000
              heyi simulate --seeds 1 --seed 4711 --trace
              heyi simulate --seeds 20000 --save failed.json
              heyi simulate --plan failed.json --trace
              heyi simulate --planted all --trials 5
              heyi simulate --planted all --platform alipay --seeds 400 --trials 5
            """)

    @Option(help: ArgumentHelp("Seeds to play.", valueName: "n"))
    var seeds: UInt64 = 1_000

    @Option(help: ArgumentHelp("The first seed.", valueName: "n"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Threads; by default one for each processor.", valueName: "n"))
    var threads: Int = ProcessInfo.processInfo.activeProcessorCount

    @Flag(help: "Play each seed twice and compare the runs.")
    var twice = false

    @Flag(help: "Print every event of the engine; for one seed or one plan.")
    var trace = false

    @Flag(help: "Do not shorten what failed.")
    var noShrink = false

    @Option(help: ArgumentHelp("Play a plan from a file instead of seeds.", valueName: "file"))
    var plan: String?

    @Option(help: ArgumentHelp("Where the first failing plan, shortened, is kept; with --seeds 1 also one that does not fail.", valueName: "file"))
    var save: String?

    @Option(
        help: ArgumentHelp(
            "Plant a mistake that must be found: one of \(Mistake.all.map(\.name).joined(separator: ", ")), or all.",
            valueName: "fault"))
    var planted: String?

    @Option(
        help: ArgumentHelp(
            "Play this payment platform alone: one of \(Plan.Platform.kinds.map(\.rawValue).joined(separator: ", ")). Seeds whose buyers pay at none are counted without being played.",
            valueName: "kind"))
    var platform: String?

    @Option(help: ArgumentHelp("With --planted: how often the mistake is looked for, each time from another seed on.", valueName: "n"))
    var trials: UInt64 = 1

    func validate() throws {
        guard seeds >= 1, seed <= UInt64.max - seeds else { throw ValidationError("--seeds must be 1 or more") }
        guard (1...256).contains(threads) else { throw ValidationError("--threads must be from 1 to 256") }
        guard (1...1_000).contains(trials) else { throw ValidationError("--trials must be from 1 to 1000") }
        guard !trace || plan != nil || seeds == 1 else { throw ValidationError("--trace needs --seeds 1 or --plan") }
        guard plan == nil || planted == nil else { throw ValidationError("--planted does not go with --plan: a plan names what is planted in it") }
        guard !trace || planted != "all" else { throw ValidationError("--trace shows one run: plant one mistake by its name, not all") }
        guard trials == 1 || planted != nil && !trace else { throw ValidationError("--trials counts searches: it needs --planted, and no --trace") }
        guard !twice || seeds > 1 && planted == nil && plan == nil else {
            throw ValidationError("--twice compares the runs of seeds: it needs --seeds 2 or more, and neither --plan nor --planted")
        }
        if let platform, !Plan.Platform.kinds.contains(where: { $0.rawValue == platform }) {
            throw ValidationError("--platform \(platform) is none that is played; heyi simulate --help lists them")
        }
        if let kind, let mistake = planted.flatMap({ Mistake($0) }), !mistake.isOne(at: kind) {
            throw ValidationError("--planted \(mistake.name) cannot show at \(kind.rawValue) alone: leave --platform out")
        }
        guard platform == nil || plan == nil else { throw ValidationError("--platform does not go with --plan: a plan names its platforms") }
        guard save == nil || planted == nil || trace else { throw ValidationError("--save has nothing to keep of a search: add --trace --seeds 1 for one run") }
        if let planted, planted != "all", Mistake(planted) == nil {
            throw ValidationError("--planted \(planted) is none of the faults; heyi simulate --help lists them")
        }
    }

    func run() async throws {
        let passed: Bool
        if let plan {
            passed = try await replay(try read(plan))
        } else if let planted, !trace {
            let all = Mistake.all.filter { mistake in kind.map { mistake.isOne(at: $0) } ?? true }
            let faults = planted == "all" ? all : Mistake.all.filter { $0.name == planted }
            passed = await find(faults)
        } else if seeds == 1 {
            passed = try await replay(Plan(seed: seed, planted: planted.flatMap { Mistake($0) }, at: kind))
        } else {
            passed = try await playAll()
        }
        if !passed { throw ExitStatus.degraded.exit }
    }

    private var kind: GatewayKind? { platform.flatMap { GatewayKind(rawValue: $0) } }

    private func read(_ path: String) throws -> Plan {
        do {
            return try Plan(json: try JSON.parse(Array(try Data(contentsOf: URL(fileURLWithPath: path)))))
        } catch {
            throw ValidationError("\(path) is not a plan: \(error)")
        }
    }

    /// Plays one plan, and shows all of it that was asked for.
    private func replay(_ plan: Plan) async throws -> Bool {
        let listener: (@Sendable (String) -> Void)? = trace ? { @Sendable line in Terminal.print([line]) } : nil
        let report = try await onOwnThread { plan.run(onEvent: listener) }
        Terminal.print([
            "seed \(plan.seed): \(report.jobs) jobs, \(report.requests) requests, \(report.lasted.components.seconds) virtual seconds, trace \(SimulateCommand.hex(report.trace))",
        ])
        if report.violations.isEmpty {
            Terminal.print(["no law was broken"])
            try keep(plan)
            return true
        }
        try await show(plan, report)
        return false
    }

    private func playAll() async throws -> Bool {
        var campaign = Campaign()
        campaign.threads = threads
        campaign.at = kind
        campaign.twice = twice
        let total = seeds
        let clock = ContinuousClock()
        let began = clock.now
        let shown = Mutex(began)
        let tally = await campaign.run(seed..<(seed + seeds)) { tally in
            guard Terminal.showsProgress else { return true }
            let due = shown.withLock { shown in
                guard clock.now - shown > .milliseconds(250) else { return false }
                shown = clock.now
                return true
            }
            if due { SimulateCommand.note("\(tally.runs) of \(total) seeds, \(tally.failures.count) failed") }
            return true
        }
        if Terminal.showsProgress { SimulateCommand.note("") }
        let seconds = SimulateCommand.seconds(clock.now - began)
        let rate = (Double(tally.runs) / max(seconds, 0.001)).formatted(.number.precision(.fractionLength(1)).locale(Locale(identifier: "en_US_POSIX")))
        Terminal.print([
            "\(tally.runs) seeds from \(seed) on in \(Int(seconds.rounded())) s, \(rate) a second on \(threads) threads\(twice ? ", each twice" : "")",
            "\(tally.lasted.components.seconds / 3_600) virtual hours, \(tally.requests) requests to channels, trace \(SimulateCommand.hex(tally.trace))",
            "\(tally.failures.count) failed",
        ])
        for failure in tally.failures.prefix(10) {
            Terminal.print(["  seed \(failure.plan.seed): \(failure.report.violations.first.map { "\($0)" } ?? "-")"])
        }
        if let first = tally.failures.first { try await show(first.plan, first.report) }
        return tally.failures.isEmpty
    }

    /// Says what failed, shortens it, and says how to play it again.
    private func show(_ failed: Plan, _ report: RunReport) async throws {
        for violation in report.violations.prefix(5) { Terminal.print(["  \(violation)"]) }
        var plan = failed
        if !noShrink {
            let shrunk = try await onOwnThread { Shrinker().shrink(failed) }
            plan = shrunk.plan
            Terminal.print(["shortened to \(plan.steps.count + plan.later.count) steps in \(shrunk.runs) runs:"])
            for channel in plan.channels { Terminal.print(["  \(channel)"]) }
            for step in plan.steps + plan.later { Terminal.print(["  \(step)"]) }
            for violation in shrunk.report.violations.prefix(5) { Terminal.print(["  \(violation)"]) }
        }
        try keep(plan)
        if save == nil { Terminal.print(["again: heyi simulate --seeds 1 --seed \(failed.seed) --trace"]) }
    }

    private func keep(_ plan: Plan) throws {
        guard let save else { return }
        try Data((plan.json.text + "\n").utf8).write(to: URL(fileURLWithPath: save))
        Terminal.print(["kept in \(save); again: heyi simulate --plan \(save) --trace"])
    }

    /// Looks for each planted mistake until it shows, `trials` times from seeds of their own.
    private func find(_ faults: [Mistake]) async -> Bool {
        var missed = 0
        for fault in faults {
            var needed: [UInt64] = []
            var laws: [String: Int] = [:]
            for trial in 0..<trials {
                var campaign = Campaign()
                campaign.planted = fault
                campaign.at = kind
                campaign.threads = threads
                campaign.stopsAtFirst = true
                let from = seed + trial * seeds
                let tally = await campaign.run(from..<(from + seeds))
                if let first = tally.failures.first, let law = first.report.violations.first?.law {
                    needed.append(first.plan.seed - from + 1)
                    laws[law, default: 0] += 1
                } else {
                    needed.append(UInt64.max)
                }
            }
            needed.sort()
            let median = needed[needed.count / 2]
            let unfound = needed.filter { $0 == .max }.count
            missed += unfound
            let names = laws.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key).joined(separator: ", ")
            Terminal.print([
                "\(fault.name): "
                    + (median == .max ? "not found in \(seeds) seeds" : "found after \(median) seeds (median of \(trials)\(unfound == 0 ? ", at most \(needed.last ?? median)" : ""))")
                    + (unfound > 0 ? ", not found in \(unfound) trials" : "") + (names.isEmpty ? "" : ", as \(names)"),
            ])
        }
        return missed == 0
    }

    /// Rewrites the one line of progress.
    private static func note(_ text: String) { Terminal.pass(Array("\r\u{1b}[K\(text)".utf8)[...], to: 2) }

    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }
}
