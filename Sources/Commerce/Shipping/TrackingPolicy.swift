/// How long parcels are followed, how often services are asked, and when silence is worth a word.
package struct TrackingPolicy: Hashable, Sendable {
    /// How many services are to follow one parcel at once; each may cost something.
    package var services = 1
    /// The least time between two questions about one parcel at one service.
    package var askEvery = Duration.seconds(1_800)
    /// How long one that promised to tell may be silent before it is asked.
    package var silence = Duration.seconds(12 * 3_600)
    /// How long a parcel that came, or came back, is followed still: it may be returned.
    package var grace = Duration.seconds(7 * 86_400)
    /// How long one is followed at most.
    package var longest = Duration.seconds(90 * 86_400)
    /// How long to wait before a service that gave a parcel up, or refused it, is asked to follow it again.
    package var again = Duration.seconds(86_400)
    /// After how many tries that came to nothing the next service is asked as well.
    package var triesBeforeNext: Int64 = 4
    /// How many parcels an estimate must have seen.
    package var samplesMin = 20
    /// How long nothing may happen before a parcel counts as stalled; a phase that is left out never does.
    package var stallsAfter: [ParcelPhase: Duration] = [
        .announced: .seconds(2 * 86_400), .pickedUp: .seconds(2 * 86_400), .inTransit: .seconds(4 * 86_400),
        .customs: .seconds(10 * 86_400), .outForDelivery: .seconds(2 * 86_400), .awaitingPickUp: .seconds(5 * 86_400),
        .exception: .seconds(3 * 86_400), .returning: .seconds(10 * 86_400),
    ]

    package static let standard = TrackingPolicy()

    package init() {}
}

extension TrackingPolicy {
    /// When a parcel stalls if nothing more happens; nil for one that has nowhere to go.
    ///
    /// Of one that nothing is known of yet the clock runs from when it left.
    package func stalls(_ phase: ParcelPhase?, last: Timestamp?, leftAt: Timestamp) -> Timestamp? {
        guard let limit = stallsAfter[phase ?? .announced] else { return nil }
        return max(last ?? leftAt, leftAt) + limit
    }
}
