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
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<20).map { _ in
            let bits: UInt64 = generator.next()
            return RandomIDs.alphabet[Int(bits & 31)]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
