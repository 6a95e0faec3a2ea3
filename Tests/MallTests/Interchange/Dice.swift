/// Seeded chance for tables and catalogs; the same seed throws the same dice everywhere.
struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    mutating func chance(_ oneIn: Int) -> Bool { below(oneIn) == 0 }

    mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }

    /// Up to five pieces that files tend to trip over.
    mutating func text() -> String {
        let pieces = [
            "a", "Z9", " ", ",", "\"", "\n", "\r\n", "'", "=", "-", "+1", "@", "\\", "茶", "é", "👍🏽", ";", "\t", "<b>", "|", ">",
        ]
        return (0..<below(6)).map { _ in pick(pieces) }.joined()
    }
}
