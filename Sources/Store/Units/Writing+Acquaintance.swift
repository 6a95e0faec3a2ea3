import Commerce
package import ConflictResolution

extension Writing {
    /// Actors of one channel the hub makes known at the channel's word.
    ///
    /// Each is kept for ever, because clocks may name it at any time. A channel draws one when its data set begins
    /// anew; one that draws more than this has a mistake in it, or means harm.
    package static let livesMax = 256
    /// Actors of all kinds beyond which no channel makes another one known.
    package static let actorsMax = 100_000

    /// Makes an actor known that a channel has named; one that is known already costs nothing.
    ///
    /// - Parameters:
    ///   - field: the member that names it, for the refusal.
    ///   - isOwn: whether the channel names itself. Others it may name after this store forgot them, but it must not use
    ///     up what they may draw themselves.
    func admit(_ identity: ActorIdentity, _ field: String, isOwn: Bool = true) throws(StoreError) {
        guard desk.directory.number(of: identity.actor) == nil else { return }
        let counts = desk.directory.counts(like: identity)
        guard identity.role != .channel || counts.alike < Writing.livesMax / (isOwn ? 1 : 2) else {
            throw .invalid(
                ValidationFailure(
                    field: field,
                    reason: "names \(identity), and ch:\(identity.name) has had \(counts.alike) incarnations already; at most "
                        + "\(Writing.livesMax) are kept. Draw a new incarnation only when the data set begins anew; a channel "
                        + "that has used them up needs another id"))
        }
        guard counts.all < Writing.actorsMax else {
            throw .invalid(
                ValidationFailure(field: field, reason: "names \(identity), and \(counts.all) actors are kept already, as many as are taken"))
        }
        try introduce(identity)
    }

    /// Makes the actor known under which a channel has made a write.
    package func admit(author: ActorIdentity) throws(StoreError) { try admit(author, "dot.actor") }

    /// Refuses yet another data set behind a channel that has had very many: each costs the hub an actor.
    func admitDataSet(_ channel: ChannelID) throws(StoreError) {
        let ghost = ActorIdentity(role: .channel, name: channel.text, incarnation: "0")
        let lives = desk.directory.counts(like: ghost).alike
        guard lives >= Writing.livesMax else { return }
        throw .invalid(
            ValidationFailure(
                field: "generation",
                reason: "is another one again, after \(lives) incarnations of \(channel); it must stay while the data set does. "
                    + "When the channel is put right: heyi channel resync \(channel)"))
    }
}
