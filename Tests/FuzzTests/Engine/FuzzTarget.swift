/// One parser under fire: what to feed it, and what must hold of whatever it is fed.
struct FuzzTarget: Sendable {
    /// Also the name of its folder in the corpus.
    let name: String
    /// Inputs to begin with that the sources themselves give, beside those in the corpus.
    var seeds: [String] = []
    /// Pieces of its language, so that mutations get past the first character.
    var dictionary: [String] = []
    /// A slow target takes this many times fewer inputs than the others.
    var cost = 1
    var bytesMax = 2_048
    /// - Returns: what is wrong with how the input was taken, nil when nothing is.
    let check: @Sendable ([UInt8]) -> String?
}

extension FuzzTarget {
    /// A target that takes text; bytes that are none reach it as they would reach a reader of texts, repaired.
    static func text(
        _ name: String, dictionary: [String] = [], cost: Int = 1, bytesMax: Int = 256,
        check: @escaping @Sendable (String) -> String?
    ) -> FuzzTarget {
        FuzzTarget(name: name, dictionary: dictionary, cost: cost, bytesMax: bytesMax) { bytes in
            check(String(decoding: bytes, as: UTF8.self))
        }
    }
}
