import ChannelAdapters
import Commerce
import Foundation

/// A tracking service of a test: it does as its script says, and counts what it was asked.
final class PostOffice: ParcelTracker, @unchecked Sendable {
    // Unchecked because every access to the mutable state holds `lock`.
    let id: String
    private let carriers: Set<String>
    private let lock = NSLock()
    private var answer: @Sendable (TrackedParcel, Int) async -> Subscription = { _, _ in .taken }
    private var way: @Sendable (TrackedParcel) -> TrackingAnswer = { _ in .nothing }
    private var subscriptionCalls: [String: Int] = [:]
    private var questionCalls: [String: Int] = [:]

    init(_ id: String, carriers: Set<String> = ["sf"]) {
        self.id = id
        self.carriers = carriers
    }

    /// - Parameter answer: gets the parcel and how often it was asked about it before.
    func subscribing(_ answer: @escaping @Sendable (TrackedParcel, Int) async -> Subscription) { lock.withLock { self.answer = answer } }
    func tracking(_ way: @escaping @Sendable (TrackedParcel) -> TrackingAnswer) { lock.withLock { self.way = way } }

    func subscriptions(_ number: String) -> Int { lock.withLock { subscriptionCalls[number] ?? 0 } }
    func questions(_ number: String) -> Int { lock.withLock { questionCalls[number] ?? 0 } }

    func follows(_ carrier: CarrierID) -> Bool { carriers.contains(carrier.text) }

    func subscribe(_ parcel: TrackedParcel) async -> Subscription {
        let (answer, before) = ask(parcel.number)
        return await answer(parcel, before)
    }

    func track(_ parcel: TrackedParcel) async -> TrackingAnswer {
        lock.withLock { questionCalls[parcel.number, default: 0] += 1 }
        let way = lock.withLock { self.way }
        return way(parcel)
    }

    private func ask(_ number: String) -> (answer: @Sendable (TrackedParcel, Int) async -> Subscription, before: Int) {
        lock.withLock {
            let before = subscriptionCalls[number] ?? 0
            subscriptionCalls[number] = before + 1
            return (answer, before)
        }
    }
}
