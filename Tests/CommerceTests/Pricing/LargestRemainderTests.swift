import Commerce
import Simulation
import Testing

@Suite struct LargestRemainderTests {
    @Test func `ten cents among three are four, three and three`() {
        #expect(LargestRemainder.split(10, by: [1, 1, 1]) == [4, 3, 3])
        #expect(LargestRemainder.split(-10, by: [1, 1, 1]) == [-4, -3, -3])
        #expect(LargestRemainder.split(100, by: [1, 2, 3]) == [17, 33, 50])
        #expect(LargestRemainder.split(7, by: [0, 0]) == [4, 3])
        #expect(LargestRemainder.split(1, by: [0, 5, 5]) == [0, 1, 0])
    }

    @Test func `parts add up to the whole and none is off by one unit or more`() {
        var random = SeededRandom(seed: 41)
        for _ in 0..<20_000 {
            let weights = (0..<Int.random(in: 1...20, using: &random)).map { _ in Int64.random(in: 0...1_000_000_000_000, using: &random) }
            let amount = Int64.random(in: -Money.amountMax...Money.amountMax, using: &random)
            let parts = LargestRemainder.split(amount, by: weights)
            #expect(parts.reduce(0, +) == amount)
            let total = weights.reduce(0, +)
            guard total > 0 else { continue }
            for (part, weight) in zip(parts, weights) {
                // |part × total − amount × weight| < total, without leaving whole numbers.
                let off = Int128(part) * Int128(total) - Int128(amount) * Int128(weight)
                #expect(off.magnitude < UInt128(total))
            }
        }
    }

    @Test func `what a part may not take goes to the others`() {
        #expect(LargestRemainder.split(10, by: [9, 1], limits: [4, 100]) == [4, 6])
        #expect(LargestRemainder.split(10, by: [1, 0], limits: [3, 5]) == [3, 5])
        var random = SeededRandom(seed: 42)
        for _ in 0..<5_000 {
            let limits = (0..<Int.random(in: 1...9, using: &random)).map { _ in Int64.random(in: 0...1_000, using: &random) }
            let weights = limits.map { _ in Int64.random(in: 0...50, using: &random) }
            let amount = Int64.random(in: 0...6_000, using: &random)
            let parts = LargestRemainder.split(amount, by: weights, limits: limits)
            #expect(parts.reduce(0, +) == min(amount, limits.reduce(0, +)))
            #expect(zip(parts, limits).allSatisfy { 0 <= $0 && $0 <= $1 })
        }
    }
}
