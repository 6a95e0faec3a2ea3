import ChannelAdapters
import Commerce
import Store

extension HealthCheck {
    static let clockChecks = [
        HealthCheck(
            1, "clock", "our clock against the channels' own, against the steady clock, and against the newest change",
            patience: .seconds(25), examine: clock)
    ]

    /// Signatures carry a time; beyond this difference somebody should look.
    private static let skewMax: Duration = .seconds(30)
    private static let stepMax: Duration = .seconds(5)

    @Sendable private static func clock(_ patient: Patient) async throws -> Examination {
        var symptoms: [Symptom] = []
        var evidence = JSONObject()
        let window = patient.configuration.limits.signatureWindow
        var compared = 0
        var greatest: Int64 = 0
        if !patient.isOffline {
            for (channel, answer) in await patient.calls() {
                guard case .success(let response) = answer.outcome, let theirs = response.peerTime else { continue }
                compared += 1
                // The header has whole seconds, so it lies half a second back on average.
                let ahead = (theirs + .milliseconds(500)) - answer.at
                greatest = max(greatest, abs(ahead.components.seconds))
                guard abs(ahead.milliseconds) > skewMax.milliseconds else { continue }
                let fatal = abs(ahead.milliseconds) >= window.milliseconds
                let side = ahead > .zero ? "ahead of" : "behind"
                symptoms.append(
                    Symptom(
                        fatal ? .failure : .warning,
                        "the clock of \(channel.id) is \(abs(ahead.components.seconds)) s \(side) ours; signatures hold for \(window.components.seconds) s",
                        next: "timedatectl timesync-status"))
            }
        }
        evidence["channels_compared"] = .integer(Int64(compared))
        evidence["greatest_difference_seconds"] = .integer(greatest)
        if let inner = patient.inner {
            let wall = (patient.now - inner.startedAt).milliseconds
            let steady = Int64(clamping: (patient.surroundings.time.monotonicNanoseconds() &- inner.startedNanoseconds) / 1_000_000)
            evidence["stepped_seconds"] = .integer((wall - steady) / 1_000)
            if abs(wall - steady) > stepMax.milliseconds {
                symptoms.append(
                    Symptom(
                        .notice, "the clock was set by \((wall - steady) / 1_000) s since the daemon started, or the host slept",
                        next: "timedatectl timesync-status"))
            }
        }
        if patient.store != nil, let times = try await patient.reading({ reading throws(StoreError) in try reading.changeTimes() }) {
            let ahead = times.newest - patient.now
            if ahead > skewMax {
                symptoms.append(
                    Symptom(
                        .warning, "the newest change was made \(ahead.components.seconds) s from now: the clock went back",
                        next: "timedatectl status"))
            }
        }
        return Examination("\(compared) channels compared, greatest difference \(greatest) s", .object(evidence), symptoms)
    }
}

extension Patient {
    /// Every channel that is kept and has an address, with how that answered; all are asked at once.
    func calls() async -> [(channel: KnownChannel, answer: ChannelProber.Answer)] {
        await asked { await prober.call($0) }
    }

    /// Asks every kept channel at once; the answers come in the channels' order.
    func asked<Answer: Sendable>(
        _ ask: @escaping @Sendable (KnownChannel) async -> Answer?
    ) async -> [(channel: KnownChannel, answer: Answer)] {
        let kept = channels.filter(\.isKept)
        return await withTaskGroup(of: (Int, Answer?).self) { group in
            for (index, channel) in kept.enumerated() { group.addTask { (index, await ask(channel)) } }
            var answers: [Int: Answer] = [:]
            for await (index, answer) in group { answers[index] = answer }
            return kept.indices.compactMap { index in answers[index].map { (kept[index], $0) } }
        }
    }
}
