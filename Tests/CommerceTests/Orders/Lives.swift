import Foundation

/// How many random lives a law is held against: some always, ten times as many when the long rounds are played.
enum Lives {
    private static let isFull = ProcessInfo.processInfo.environment["HEYI_PROOF"] == "full"

    static func seeds(_ count: UInt64) -> ClosedRange<UInt64> { 1...(isFull ? count * 10 : count) }
}
