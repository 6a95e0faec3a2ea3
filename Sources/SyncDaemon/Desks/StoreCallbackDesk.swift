import Commerce
import Store
import SyncEngine

/// Puts callbacks into the inbox and wakes the one who applies them.
struct StoreCallbackDesk: CallbackDesk {
    let store: Store
    let inbox: InboxWorker

    func accept(_ callback: RawCallback) async throws(DeskError) -> CallbackReceipt {
        let receipt = try await atDesk { () async throws(StoreError) in
            try await store.write { writing throws(StoreError) in
                let channel = try writing.reading.requireChannel(callback.channel)
                return try writing.receive(channel, event: callback.messageID, body: callback.body)
            }
        }
        switch receipt {
        case .stored:
            inbox.signal.bump()
            return .stored
        case .known: return .known
        case .quarantined: return .quarantined
        }
    }
}
