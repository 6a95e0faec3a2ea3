import Commerce
import Synchronization

/// The platform's keys as they are known now: several at once, for certificates overlap when they change, and
/// while a merchant goes over to the public key its callbacks come under both.
///
/// Shared by all parts of an account. Losing it loses nothing: the next call fetches the certificates again.
final class PlatformKeyRing: Sendable {
    private struct State {
        var downloaded: [PlatformSerial: PlatformKey] = [:]
        /// A serial came that nobody knows.
        var isWanted = false
        var lastTried: Timestamp?
        /// When certificates were last fetched for an answer's sake.
        var lastTriedForAnswer: Timestamp?
        var lastLoaded: Timestamp?
        var complaint: String?
    }
    private let given: [PlatformSerial: PlatformKey]
    private let state = Mutex(State())
    /// Certificates are looked for anew that long before the newest ends; new ones come some days ahead.
    private static let ahead = Duration.seconds(10 * 86_400)
    private static let pause = Duration.seconds(60)
    private static let pauseForAnswers = Duration.seconds(10)
    private static let freshFor = Duration.seconds(12 * 3_600)
    private static let freshNearEnd = Duration.seconds(3_600)

    /// The public key the platform is asked to sign its answers with; nil where certificates are in use.
    let asked: PlatformSerial?

    init(given: [PlatformKey]) {
        asked = given.first { $0.serial.isPublicKey }?.serial
        self.given = Dictionary(given.map { ($0.serial, $0) }) { first, _ in first }
    }

    /// The key of that serial if it is valid now. What is not known is remembered as wanted.
    func key(_ serial: PlatformSerial, at now: Timestamp) -> PlatformKey? {
        state.withLock { state in
            if let key = given[serial] ?? state.downloaded[serial], key.isValid(at: now) { return key }
            // A public key is never downloaded: only its owner can hand it over.
            if !serial.isPublicKey { state.isWanted = true }
            return nil
        }
    }

    /// The key to encrypt for the platform with, and to name when that is done: the public key, or the certificate that ends last.
    func sealing(at now: Timestamp) -> PlatformKey? {
        if let asked { return given[asked] }
        return state.withLock { state in
            (Array(given.values) + Array(state.downloaded.values)).filter { $0.isValid(at: now) }
                .max { ($0.validity?.upperBound ?? now, $0.serial.description) < ($1.validity?.upperBound ?? now, $1.serial.description) }
        }
    }

    /// Whether any answer could be proven now.
    func hasKey(at now: Timestamp) -> Bool { state.withLock { hasKey($0, at: now) } }

    private func hasKey(_ state: State, at now: Timestamp) -> Bool {
        given.values.contains { $0.isValid(at: now) } || state.downloaded.values.contains { $0.isValid(at: now) }
    }

    /// Whether certificates are to be fetched before the next call; says so to one caller a minute.
    func beginsRefresh(at now: Timestamp) -> Bool {
        state.withLock { state in
            // Without any key nothing can be done but try; with one a storm of strange serials must not become ours.
            if hasKey(state, at: now), let last = state.lastTried, now - last < PlatformKeyRing.pause, last <= now { return false }
            let ends = state.downloaded.values.compactMap { $0.validity?.upperBound }.max()
            let isNearEnd = ends.map { $0 - now < PlatformKeyRing.ahead } ?? true
            let fresh = isNearEnd ? PlatformKeyRing.freshNearEnd : PlatformKeyRing.freshFor
            let isStale = state.lastLoaded.map { now - $0 >= fresh } ?? true
            guard state.isWanted || asked == nil && isStale else { return false }
            state.lastTried = now
            return true
        }
    }

    /// Whether certificates are to be fetched for an answer under a serial nobody knows; says so to one caller in ten seconds.
    ///
    /// Strangers can send callbacks, but answers come from the platform's own address: what they need is not
    /// held back by what callbacks have used up.
    func beginsRefreshForAnswer(at now: Timestamp) -> Bool {
        state.withLock { state in
            guard state.isWanted else { return false }
            if let last = state.lastTriedForAnswer, now - last < PlatformKeyRing.pauseForAnswers, last <= now { return false }
            (state.lastTried, state.lastTriedForAnswer) = (now, now)
            return true
        }
    }

    func take(_ keys: [PlatformKey], at now: Timestamp) {
        state.withLock { state in
            state.downloaded = Dictionary(keys.map { ($0.serial, $0) }) { first, _ in first }
                // What the platform no longer lists may still have signed what is under way.
                .merging(state.downloaded.filter { $0.value.isValid(at: now) }) { new, _ in new }
            state.isWanted = false
            state.lastLoaded = now
            state.complaint = nil
        }
    }

    func fail(_ reason: String) { state.withLock { $0.complaint = reason } }

    /// Why no certificates could be had; nil when they could.
    var complaint: String? { state.withLock { $0.complaint } }

    /// When the last of the keys known ends; nil when one of them never does, or none is known.
    func ends(at now: Timestamp) -> Timestamp? {
        guard asked == nil else { return nil }
        return state.withLock { state in
            (Array(given.values) + Array(state.downloaded.values)).filter { $0.isValid(at: now) }.compactMap { $0.validity?.upperBound }.max()
        }
    }
}
