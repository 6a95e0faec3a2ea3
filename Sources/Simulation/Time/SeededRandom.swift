import Commerce
import Foundation

/// SplitMix64: the same seed gives the same numbers everywhere.
package final class SeededRandom: RandomSource, RandomNumberGenerator, @unchecked Sendable {
    // Unchecked because every access to the mutable state holds `lock`.
    private let lock = NSLock()
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package func next() -> UInt64 {
        lock.withLock {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }
}
