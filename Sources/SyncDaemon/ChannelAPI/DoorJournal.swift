import Commerce
import Synchronization

/// Knows of each channel when its signature last held and when it last did not.
///
/// In memory only. Anybody can send a wrong signature under a channel's name, so what is
/// noted here is worth a look and never a reason to act.
final class DoorJournal: Sendable {
    struct Entry: Hashable, Sendable {
        var admitted: Timestamp?
        var refused: Timestamp?
        /// Refused since it was last let in.
        var refusals = 0
    }

    private let state = Mutex<[ChannelID: Entry]>([:])

    var entries: [ChannelID: Entry] { state.withLock { $0 } }

    func admit(_ channel: ChannelID, at now: Timestamp) {
        state.withLock { $0[channel, default: Entry()] = Entry(admitted: now, refused: $0[channel]?.refused, refusals: 0) }
    }

    /// Called for channels that exist only, so that strangers cannot fill it.
    func refuse(_ channel: ChannelID, at now: Timestamp) {
        state.withLock {
            $0[channel, default: Entry()].refused = now
            $0[channel, default: Entry()].refusals += 1
        }
    }
}
