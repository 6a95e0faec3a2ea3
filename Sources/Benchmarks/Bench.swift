import Foundation

/// Measures cases beside their references, round by round, and says which bars are met.
package struct Bench {
    /// How much is measured.
    package enum Size: Sendable {
        /// A minute or two in all: whether something became slower.
        case quick
        /// What the bars are stated for.
        case full
    }

    package static let names = [
        "merge", "parse", "apply", "ingest", "ingest-wechatpay", "reserve-hot", "reserve-wide", "checkout", "fanout", "lag", "import", "catchup", "restart",
        "idle", "growth",
    ]

    private let size: Size
    private let rounds: Int
    private let table: OutcomeTable
    private let directory: String
    private let program: String
    private let say: @Sendable (String) -> Void

    /// - Parameters:
    ///   - directory: the disk to be measured; a directory of its own is made there and removed.
    ///   - program: the `heyi` that is started where a daemon of its own process is measured.
    package init(
        size: Size, rounds: Int, json: Bool, directory: String, program: String,
        say: @escaping @Sendable (String) -> Void
    ) {
        self.size = size
        self.rounds = rounds
        table = OutcomeTable(json: json)
        self.directory = directory
        self.program = program
        self.say = say
    }

    /// - Returns: whether no bar was missed.
    package func run(_ names: [String]) async throws -> Bool {
        let place = try Scratch(in: directory)
        let signals = Children.shared.followSignals(removing: place.path)
        defer {
            for source in signals { source.cancel() }
            place.remove()
        }
        for line in table.head { say(line) }
        var met = true
        for name in names {
            for trial in trials(name, Workplace(scratch: place, program: program, isQuick: size == .quick)) {
                let outcome = try await outcome(of: trial, place)
                for line in table.lines(outcome) { say(line) }
                if outcome.verdict == false { met = false }
            }
        }
        return met
    }

    private func trials(_ name: String, _ place: Workplace) -> [any Trial] {
        switch name {
        case "merge": MergeTrial.all(place)
        case "parse": [ParseTrial()]
        case "apply": [ApplyTrial(place)]
        case "ingest": [IngestTrial(place)]
        case "ingest-wechatpay": [IngestTrial(place, from: .weChatPay)]
        case "reserve-hot": ReserveHotTrial.all(place) + [ReserveOverHTTPTrial(place)]
        case "reserve-wide": ReserveWideTrial.all(place)
        case "checkout": CheckoutTrial.all(place)
        case "fanout": [1, 6, 50].map { FanoutTrial(place, channels: $0) }
        case "lag": [LagTrial(place)]
        case "import": [ImportTrial(place)]
        case "catchup": [CatchupTrial(place)]
        case "restart": [RestartTrial(place)]
        case "idle": [IdleTrial(place)]
        case "growth": GrowthTrial.all(place)
        default: []
        }
    }

    private func outcome(of given: any Trial, _ place: Scratch) async throws -> Outcome {
        var trial = given
        var ours: [Sample] = []
        var theirs: [Sample] = []
        var syncs: [Double] = []
        do {
            try await trial.prepare()
            for round in 0..<(trial is any LongTrial ? 1 : rounds) {
                syncs.append(try DiskProbe(directory: place.path).measure())
                // Who goes first changes, so that neither always finds the caches cold.
                if round % 2 == 0 {
                    if let sample = try await trial.measureReference(round: round) { theirs.append(sample) }
                    ours.append(try await trial.measure(round: round))
                } else {
                    ours.append(try await trial.measure(round: round))
                    if let sample = try await trial.measureReference(round: round) { theirs.append(sample) }
                }
            }
        } catch {
            await trial.finish()
            throw error
        }
        await trial.finish()
        return Outcome(
            name: trial.name, unit: trial.unit, reference: trial.reference, bars: trial.bars,
            lessIsBetter: trial.lessIsBetter, ours: ours, theirs: theirs, syncsPerSecond: syncs)
    }
}

/// A trial whose one round is long enough to speak for itself.
protocol LongTrial: Trial {}

/// What a trial is given to work with.
struct Workplace {
    let scratch: Scratch
    /// The `heyi` to start as a process of its own.
    let program: String
    let isQuick: Bool

    /// The first in quick runs, the second in full ones.
    func amount(_ quick: Int, _ full: Int) -> Int { isQuick ? quick : full }
}
