import Foundation

/// How long a target is fuzzed: a short fixed number in `make test`, a million inputs or a minute in the long rounds.
struct FuzzRounds {
    private let inputsMax: Int
    private let until: ContinuousClock.Instant?

    static let isFull = ProcessInfo.processInfo.environment["HEYI_PROOF"] == "full"
    /// `HEYI_SEED` plays one run again.
    static let seed = ProcessInfo.processInfo.environment["HEYI_SEED"].flatMap { UInt64($0) } ?? 1

    private static let seconds = ProcessInfo.processInfo.environment["HEYI_FUZZ_SECONDS"].flatMap { Int($0) } ?? 60

    static var asked: FuzzRounds {
        isFull
            ? FuzzRounds(inputsMax: 1_000_000, until: .now + .seconds(seconds)) : FuzzRounds(inputsMax: 20_000, until: nil)
    }

    func goesOn(_ tried: Int, cost: Int) -> Bool {
        guard let until else { return tried < inputsMax / cost }
        return tried < inputsMax && (tried % 256 != 0 || ContinuousClock.now < until)
    }
}
