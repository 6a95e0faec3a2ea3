/// One case: what is timed, what it is held against, and what it must reach.
///
/// Rounds of both sides are interleaved by ``Bench``, so that a slow minute of the machine
/// falls on both.
protocol Trial {
    var name: String { get }
    var unit: String { get }
    /// What the ratio is to, in words; nil where there is nothing to compare with.
    var reference: String? { get }
    var bars: [Bar] { get }
    /// Whether less is better, so that the ratio is the reference's share of ours.
    var lessIsBetter: Bool { get }

    /// Builds what all rounds need; not timed.
    mutating func prepare() async throws
    mutating func measure(round: Int) async throws -> Sample
    /// - Returns: nil when the reference is not to be had on this machine.
    mutating func measureReference(round: Int) async throws -> Sample?
    mutating func finish() async
}

extension Trial {
    var reference: String? { nil }
    var lessIsBetter: Bool { false }
    mutating func prepare() async throws {}
    mutating func measureReference(round: Int) async throws -> Sample? { nil }
    mutating func finish() async {}
}

/// All rounds of a case, summed up.
struct Outcome {
    let name: String
    let unit: String
    let reference: String?
    let bars: [Bar]
    let lessIsBetter: Bool
    let ours: [Sample]
    let theirs: [Sample]
    let syncsPerSecond: [Double]

    var values: [Double] { ours.map(\.value) }
    var value: Double { values.median ?? 0 }
    var referenceValue: Double? { theirs.map(\.value).median }
    var p50: Double? { ours.compactMap(\.p50).median }
    var p99: Double? { ours.compactMap(\.p99).median }
    var memory: Double? { ours.compactMap(\.memory).max() }
    var processor: Double? { ours.compactMap(\.processor).median }
    var syncs: Double { syncsPerSecond.median ?? 0 }

    /// The median of the rounds' own ratios: each was taken within one stretch of time.
    var ratio: Double? {
        zip(ours, theirs).filter { $0.value > 0 && $1.value > 0 }
            .map { lessIsBetter ? $1.value / $0.value : $0.value / $1.value }.median
    }

    var verdict: Bool? {
        let verdicts = bars.map { $0.isMet(by: self) }
        if verdicts.contains(false) { return false }
        return verdicts.isEmpty || verdicts.contains(where: { $0 == nil }) ? nil : true
    }
}
