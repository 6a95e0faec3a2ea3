import Commerce

/// What a sample callback tells: a parcel that moves, or was delivered, under a number nobody has.
struct TrackingSample {
    struct Node {
        let at: Timestamp
        let text: String
        let isDelivery: Bool

        var time: String { CarrierClock.beijingText(at) }
    }

    static let number = "78000000000000"
    static let words = ["moved", "delivered"]

    let isDelivered: Bool
    /// The newest first.
    let nodes: [Node]

    init(_ word: String, at now: Timestamp) throws(ValidationFailure) {
        guard TrackingSample.words.contains(word) else {
            throw ValidationFailure(field: "word", reason: "must be \(TrackingSample.words.joined(separator: " or "))")
        }
        isDelivered = word == "delivered"
        let second = Timestamp(milliseconds: now.milliseconds / 1_000 * 1_000)
        let moved = Node(at: second + .seconds(-3_600), text: "快件已到达【杭州转运中心】", isDelivery: false)
        nodes = isDelivered ? [Node(at: second, text: "已签收，签收人：本人", isDelivery: true), moved] : [moved]
    }
}
