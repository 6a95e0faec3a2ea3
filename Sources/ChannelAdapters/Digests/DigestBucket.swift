import Crypto

/// A stretch of all listings: those whose names hash to something that begins with some digits.
///
/// Hashing spreads names evenly, whatever they look like, and both ends find a listing's
/// bucket without asking each other. The bucket without digits holds everything.
package struct DigestBucket: Hashable, Sendable, CustomStringConvertible {
    /// The digits, at the upper end.
    private let bits: UInt64
    package let depth: Int
    /// Deeper than this nobody descends: 2^60 buckets.
    private static let depthMax = 15

    package static let everything = DigestBucket(bits: 0, depth: 0)

    private init(bits: UInt64, depth: Int) {
        self.bits = bits
        self.depth = depth
    }

    /// Reads up to 15 lower-case hexadecimal digits.
    package init?(_ text: String) {
        guard text.utf8.count <= DigestBucket.depthMax else { return nil }
        var bits: UInt64 = 0
        for (index, character) in text.utf8.enumerated() {
            let digit: UInt8
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = character - UInt8(ascii: "a") + 10
            default: return nil
            }
            bits |= UInt64(digit) << (60 - 4 * UInt64(index))
        }
        self.init(bits: bits, depth: text.utf8.count)
    }

    package var description: String {
        (0..<depth).map { String((bits >> (60 - 4 * UInt64($0))) & 15, radix: 16) }.joined()
    }

    /// The sixteen buckets this one falls into; none at the greatest depth.
    package var children: [DigestBucket] {
        guard depth < DigestBucket.depthMax else { return [] }
        return (0..<16).map { DigestBucket(bits: bits | (UInt64($0) << (60 - 4 * UInt64(depth))), depth: depth + 1) }
    }

    /// The places that lie in it.
    package var places: ClosedRange<UInt64> {
        depth == 0 ? 0...UInt64.max : bits...(bits | (UInt64.max >> (4 * UInt64(depth))))
    }

    /// Where a listing lies: the first eight bytes of the SHA-256 of `kind/id`.
    package static func place(of listing: RemoteRef) -> UInt64 {
        SHA256.hash(data: Array(listing.description.utf8)).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
