import Commerce
import Crypto
import Synchronization

/// Tokens that were looked up, by the hash of their text: each opens a door for every request of its holder.
///
/// What was read before a token was revoked is not kept after it. A token whose time is over is not answered.
final class KnownTokens: Sendable {
    private struct Held {
        var holders: [[UInt8]: TokenRecord] = [:]
        /// Grows whenever all that is held is forgotten.
        var age: UInt64 = 0
    }

    private static let most = 1_000
    private let held = Mutex(Held())

    /// - Returns: `found` is nil for one that has to be looked up; hash and age are what ``keep(_:_:_:)`` wants then.
    func holder(of text: String, at now: Timestamp) -> (hash: [UInt8], found: TokenRecord?, age: UInt64) {
        let hash = Array(SHA256.hash(data: Array(text.utf8)))
        return held.withLock { held in
            let found = held.holders[hash]
            return (hash, found.flatMap { now < $0.expires ? $0 : nil }, held.age)
        }
    }

    /// Keeps what was looked up, unless something was forgotten since: it may have been read before that.
    func keep(_ record: TokenRecord, _ hash: [UInt8], _ age: UInt64) {
        held.withLock { held in
            guard held.age == age else { return }
            if held.holders.count >= KnownTokens.most { held.holders = [:] }
            held.holders[hash] = record
        }
    }

    func forget() {
        held.withLock { held in
            held.holders = [:]
            held.age += 1
        }
    }
}
