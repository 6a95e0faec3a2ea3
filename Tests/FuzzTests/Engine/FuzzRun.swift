import Foundation

/// Feeds one target a seeded stream of inputs.
struct FuzzRun {
    let target: FuzzTarget
    let seed: UInt64

    struct Finding: CustomStringConvertible, Sendable {
        let target: String
        let seed: UInt64
        let complaint: String
        let input: [UInt8]

        var description: String {
            """
            \(target), seed \(seed): \(complaint)
              as text: \(String(decoding: input, as: UTF8.self).debugDescription)
              as hex:  \(input.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
            """
        }
    }

    /// Everything saved for the target and its own seeds, unmutated.
    func replay() throws -> [Finding] {
        let last = try LastInput(target: target.name, bytesMax: 1 << 20)
        return try inputs().compactMap { finding($0, last) }
    }

    /// - Returns: how many inputs were tried, and the first findings, reduced; at most three, because more of them
    ///   mostly say the same.
    func run(_ rounds: FuzzRounds) throws -> (tried: Int, findings: [Finding]) {
        let corpus = try inputs()
        let last = try LastInput(target: target.name, bytesMax: max(target.bytesMax, corpus.map(\.count).max() ?? 0))
        var mutator = Mutator(seed: seed, dictionary: target.dictionary, bytesMax: target.bytesMax)
        var findings: [Finding] = []
        // What was accepted or found something new to say is worth mutating further; a small pool is enough.
        var pool = corpus
        var random = FuzzRandom(seed: seed &+ 1)
        var tried = 0
        while rounds.goesOn(tried, cost: target.cost), findings.count < 3 {
            tried += 1
            let input = mutator.next(pool)
            if let finding = finding(input, last) { findings.append(reduced(finding, last)) }
            if random.below(50) == 0 {
                if pool.count < corpus.count + 64 { pool.append(input) } else { pool[corpus.count + random.below(64)] = input }
            }
        }
        return (tried, findings)
    }

    func inputs() throws -> [[UInt8]] {
        try target.seeds.map { Array($0.utf8) } + Corpus.inputs(of: target.name)
    }

    private func finding(_ input: [UInt8], _ last: LastInput) -> Finding? {
        last.note(input)
        return target.check(input).map { Finding(target: target.name, seed: seed, complaint: $0, input: input) }
    }

    /// Takes pieces away as long as there is still something to complain about.
    private func reduced(_ finding: Finding, _ last: LastInput) -> Finding {
        var best = finding
        var piece = max(1, finding.input.count / 2)
        while piece >= 1 {
            var at = 0
            while at < best.input.count {
                var shorter = best.input
                shorter.removeSubrange(at..<min(at + piece, shorter.count))
                if let smaller = self.finding(shorter, last) { best = smaller } else { at += piece }
            }
            piece /= 2
        }
        return best
    }
}
