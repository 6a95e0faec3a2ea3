package import ChannelAdapters
package import Commerce
package import Store

/// Takes a platform's callback in: proves it, keeps it, and answers in the platform's own words once it is durable.
///
/// The answer is a promise: a callback that was answered with the platform's word for success is in the inbox, or was.
package struct GatewayReception: Sendable {
    private let store: Store

    package init(store: Store) { self.store = store }

    /// What became of a callback, and what its sender is told.
    package struct Outcome: Sendable {
        package let answer: CallbackAnswer
        package let verdict: Verdict
    }

    package enum Verdict: Sendable {
        case stored(Int64)
        /// It was here before; nothing was done.
        case known
        case quarantined(Int64)
        /// It asked something and was answered; there was nothing to keep.
        case answered
        case refused(CallbackFault)
        case unavailable(StoreError)
    }

    package func receive(_ callback: GatewayCallback, for account: ChannelID, by receiver: any CallbackReceiver) async -> Outcome {
        let now = store.surroundings.time.now()
        let event: CallbackEvent
        do throws(CallbackFault) { event = try receiver.verify(callback, at: now) } catch {
            return Outcome(answer: receiver.answer(.refused(error), at: now), verdict: .refused(error))
        }
        switch event {
        case .answer(let answer): return Outcome(answer: answer, verdict: .answered)
        case .keep(let key): return await keep(key, callback.body, account, receiver)
        }
    }

    private func keep(_ key: String, _ body: [UInt8], _ account: ChannelID, _ receiver: any CallbackReceiver) async -> Outcome {
        let time = store.surroundings.time
        do throws(StoreError) {
            let receipt = try await store.write { writing throws(StoreError) in
                try writing.receive(try writing.reading.requireChannel(account), event: key, body: body)
            }
            switch receipt {
            case .stored(let number): return Outcome(answer: receiver.answer(.kept, at: time.now()), verdict: .stored(number))
            case .known: return Outcome(answer: receiver.answer(.kept, at: time.now()), verdict: .known)
            case .quarantined(let number): return Outcome(answer: receiver.answer(.quarantined, at: time.now()), verdict: .quarantined(number))
            }
        } catch {
            return Outcome(answer: receiver.answer(.unavailable, at: time.now()), verdict: .unavailable(error))
        }
    }
}
