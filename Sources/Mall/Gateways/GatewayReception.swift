package import ChannelAdapters
package import Commerce
package import Store
import Synchronization

/// Takes a platform's callback in: proves it, keeps it, and answers in the platform's own words once it is durable.
///
/// The answer is a promise: a callback that was answered with the platform's word for success is in the inbox, or was.
package struct GatewayReception: Sendable {
    private let store: Store
    private let planted: PlantedReception?

    package init(store: Store) {
        self.store = store
        planted = store.surroundings.plantedInGateways.flatMap { PlantedReception($0, store.surroundings) }
    }

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
        let (key, essence) = (planted?.key(key) ?? key, receiver.essence(of: body))
        if let held = planted?.putOff(PlantedReception.Held(account: account, key: key, body: body, essence: essence)) {
            for one in held {
                do throws(StoreError) { _ = try await write(one.key, one.body, one.essence, one.account) } catch {
                    return Outcome(answer: receiver.answer(.unavailable, at: time.now()), verdict: .unavailable(error))
                }
            }
            return Outcome(answer: receiver.answer(.kept, at: time.now()), verdict: .known)
        }
        do throws(StoreError) {
            let receipt = try await write(key, body, essence, account)
            switch receipt {
            case .stored(let number): return Outcome(answer: receiver.answer(.kept, at: time.now()), verdict: .stored(number))
            case .known: return Outcome(answer: receiver.answer(.kept, at: time.now()), verdict: .known)
            case .quarantined(let number): return Outcome(answer: receiver.answer(.quarantined, at: time.now()), verdict: .quarantined(number))
            }
        } catch {
            let answer = receiver.answer(.unavailable, at: time.now())
            return Outcome(answer: planted?.disguise(answer) ?? answer, verdict: .unavailable(error))
        }
    }

    private func write(
        _ key: String, _ body: [UInt8], _ essence: [UInt8], _ account: ChannelID
    ) async throws(StoreError) -> InboxReceipt {
        try await store.write { writing throws(StoreError) in
            try writing.receive(try writing.reading.requireChannel(account), event: key, body: body, essence: essence)
        }
    }
}

/// Mistakes at the door that a simulation plants; there is none in any other life.
private final class PlantedReception: Sendable {
    struct Held: Sendable {
        let account: ChannelID
        let key: String
        let body: [UInt8]
        let essence: [UInt8]
    }

    private let mistake: GatewayMistake
    private let life: String
    /// Answered already, and written with the next that comes.
    private let late = Mutex<[Held]>([])

    /// nil for a mistake that is made elsewhere.
    init?(_ mistake: GatewayMistake, _ surroundings: Surroundings) {
        guard [.answersBeforeDurable, .failsWith200, .forgetsKeys].contains(mistake) else { return nil }
        self.mistake = mistake
        life = surroundings.ids.next()
    }

    func key(_ key: String) -> String { mistake == .forgetsKeys ? "\(key)/\(life)" : key }

    /// - Returns: those whose turn it is now; nil where nothing is put off.
    func putOff(_ held: Held) -> [Held]? {
        guard mistake == .answersBeforeDurable else { return nil }
        return late.withLock { late in
            defer { late = [held] }
            return late
        }
    }

    func disguise(_ answer: CallbackAnswer) -> CallbackAnswer {
        mistake == .failsWith200 ? CallbackAnswer(200, contentType: answer.contentType, body: answer.body) : answer
    }
}
