/// Chance from a seed: SplitMix64, as small as a generator can be and good enough for bad luck.
struct Dice: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    /// True so many times in 1,000. Draws nothing when the chance is none, so that a dial
    /// left alone does not change what the others draw.
    mutating func falls(_ perThousand: Int) -> Bool {
        perThousand > 0 && Int(next() % 1_000) < perThousand
    }
}
