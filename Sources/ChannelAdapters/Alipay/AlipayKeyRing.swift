import Commerce
import Synchronization

/// The platform's keys that are in force: those of the configuration and, with certificates, those fetched and proven since.
final class AlipayKeyRing: Sendable {
    private struct Held {
        var keys: [(serial: String?, key: RSAPublicKey)]
        var wanted: [String] = []
    }

    private let held: Mutex<Held>
    private static let wantedMax = 4
    private static let keysMax = 16

    init(_ keys: [(serial: String?, key: RSAPublicKey)]) { held = Mutex(Held(keys: keys)) }

    /// The keys a signature may be of: the named certificate's alone, or all where none is named.
    ///
    /// - Returns: none where the name is known to nobody here.
    func keys(of serial: String?) -> [RSAPublicKey] {
        held.withLock { held in
            guard let serial, held.keys.contains(where: { $0.serial != nil }) else { return held.keys.map(\.key) }
            return held.keys.filter { $0.serial == serial }.map(\.key)
        }
    }

    func add(_ key: RSAPublicKey, of serial: String) {
        held.withLock { held in
            held.wanted.removeAll { $0 == serial }
            guard held.keys.count < AlipayKeyRing.keysMax, !held.keys.contains(where: { $0.serial == serial }) else { return }
            held.keys.append((serial, key))
        }
    }

    /// Remembers a certificate that a notification named, for whoever sends the next request to fetch.
    func want(_ serial: String) {
        held.withLock { held in
            guard held.wanted.count < AlipayKeyRing.wantedMax, !held.wanted.contains(serial) else { return }
            held.wanted.append(serial)
        }
    }

    func takeWanted() -> [String] {
        held.withLock { held in
            defer { held.wanted = [] }
            return held.wanted
        }
    }
}
