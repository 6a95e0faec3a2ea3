import Commerce

/// Somebody who shops at a channel: a member it vouches for, or a guest.
struct Shopper: Hashable, Sendable {
    let channel: ChannelID
    /// nil for a guest.
    let member: EntityID?

    /// What every ``keyScope`` begins with.
    static let keyScopes = "shop:"

    /// Where the keys of their requests belong; one member's cannot meet another's.
    ///
    /// All guests of a channel share theirs, so the channel has to draw them at random.
    var keyScope: String {
        // No member's id has a colon or a dot.
        Shopper.keyScopes + "\(channel):" + (member.map { "member.\($0)" } ?? "guest")
    }
}
