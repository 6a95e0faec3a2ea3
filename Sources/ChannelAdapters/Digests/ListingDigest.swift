package import Commerce
import Crypto

/// What a holder shows of one listing, or of a whole bucket of them, in 32 bytes.
///
/// A listing is an entity with the units held of it. Its digest is SHA-256 over its name
/// and one line a unit; that of a bucket is the exclusive or of its listings', so that it
/// can be kept up to date without looking at the others. Every listing names itself, so
/// no two cancel each other out.
package struct ListingDigest: Hashable, Sendable {
    private var words: SIMD4<UInt64>

    /// The digest of nothing.
    package static let none = ListingDigest(words: SIMD4(repeating: 0))

    private init(words: SIMD4<UInt64>) { self.words = words }

    /// - Parameter units: each unit held with the SHA-256 of its canonical value; one whose value is null is not held.
    /// - Returns: nil for a listing without units, which counts as one that is not there.
    package init?(of listing: RemoteRef, units: [(unit: UnitName, hash: [UInt8])]) {
        guard !units.isEmpty else { return nil }
        var hash = SHA256()
        hash.update(data: Array("\(listing)\n".utf8))
        let ordered = units.sorted { $0.unit.text.utf8.lexicographicallyPrecedes($1.unit.text.utf8) }
        for unit in ordered {
            hash.update(data: Array("\(unit.unit.text) \(ListingDigest.hexadecimal(unit.hash))\n".utf8))
        }
        self.init(bytes: Array(hash.finalize()))
    }

    /// - Parameter bytes: 32 of them; the rest is taken for zero, what is beyond is left.
    package init(bytes: [UInt8]) {
        var words = SIMD4<UInt64>(repeating: 0)
        for (index, byte) in bytes.prefix(32).enumerated() { words[index / 8] |= UInt64(byte) << (56 - 8 * UInt64(index % 8)) }
        self.init(words: words)
    }

    /// Reads 64 hexadecimal digits.
    package init?(text: String) {
        guard text.utf8.count == 64 else { return nil }
        var words = SIMD4<UInt64>(repeating: 0)
        var rest = Substring(text)
        for index in 0..<4 {
            guard !rest.hasPrefix("+"), !rest.hasPrefix("-"), let word = UInt64(rest.prefix(16), radix: 16) else { return nil }
            words[index] = word
            rest = rest.dropFirst(16)
        }
        self.init(words: words)
    }

    package var bytes: [UInt8] {
        (0..<32).map { UInt8(truncatingIfNeeded: words[$0 / 8] >> (56 - 8 * UInt64($0 % 8))) }
    }

    package var text: String { ListingDigest.hexadecimal(bytes) }

    /// Adds a listing, or takes one out that is in it.
    package mutating func toggle(_ other: ListingDigest) { words ^= other.words }

    /// SHA-256 of a value's canonical bytes.
    package static func hash(of value: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: value)) }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        let digits = Array("0123456789abcdef".utf8)
        for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
