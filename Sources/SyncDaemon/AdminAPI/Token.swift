import Commerce
import Crypto

/// A bearer token of the admin API: `heyi_<id>_<64 hexadecimal digits>`.
///
/// 256 random bits need no slow hash: the store keeps the SHA-256 of the secret half
/// alone, and the whole text is shown once, when it is made.
struct Token: Sendable {
    let id: String
    private let secret: String

    /// Makes a new one; the secret comes from the system's generator, never from a seeded one.
    init(id: String) {
        self.id = id
        secret = SymmetricKey(size: .bits256).withUnsafeBytes { Hexadecimal.text($0) }
    }

    init?(_ text: String) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "heyi", !parts[1].isEmpty, parts[1].utf8.count <= 64,
            parts[2].utf8.count == 64
        else { return nil }
        id = String(parts[1])
        secret = String(parts[2])
    }

    /// What the holder sends; shown once.
    var text: String { "heyi_\(id)_\(secret)" }

    /// What the store keeps.
    var digest: [UInt8] { Array(SHA256.hash(data: Array(secret.utf8))) }

    /// Compares without telling by its time how much of it was right.
    func matches(_ digest: [UInt8]) -> Bool { ConstantTime.equal(self.digest, digest) }
}

/// Comparison of secrets.
enum ConstantTime {
    static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }
}
