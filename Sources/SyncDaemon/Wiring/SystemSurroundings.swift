import Commerce
import Glibc

extension Surroundings {
    /// The host's clock, the kernel's randomness, names out of it.
    static let system = Surroundings(time: SystemTime(), random: SystemRandom(), ids: RandomIDs())
}

struct SystemTime: TimeSource {
    func now() -> Timestamp {
        let time = read(CLOCK_REALTIME)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    func monotonicNanoseconds() -> UInt64 {
        let time = read(CLOCK_MONOTONIC)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }

    private func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        clock_gettime(clock, &time)
        return time
    }
}

struct SystemRandom: RandomSource {
    func next() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}

/// Names of 20 characters out of 32: 100 bits of the kernel's randomness.
struct RandomIDs: IDSource {
    private static let alphabet: [UInt8] = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    func next() -> String {
        // Each draw asks the kernel, so each is used up: ten characters out of its lower 50 bits.
        var generator = SystemRandomNumberGenerator()
        var draws: (UInt64, UInt64) = (generator.next(), generator.next())
        return String(unsafeUninitializedCapacity: 20) { bytes in
            for index in 0..<10 {
                bytes[index] = RandomIDs.alphabet[Int(draws.0 & 31)]
                bytes[index + 10] = RandomIDs.alphabet[Int(draws.1 & 31)]
                draws = (draws.0 >> 5, draws.1 >> 5)
            }
            return 20
        }
    }
}
