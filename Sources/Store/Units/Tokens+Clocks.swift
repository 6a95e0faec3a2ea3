package import Commerce
package import ConflictResolution

extension Reading {
    /// A clock as it travels: `{"hub:main:…": 4, "ch:web:…": 1}`.
    package func token(of clock: VectorClock) -> JSON { directory.token(of: clock) }

    /// Reads a clock that came from outside.
    ///
    /// - Throws: `.invalid` for anything that is not an object of positive integers by
    ///   known actors; with `lenient`, actors it never heard of are left out instead.
    package func clock(from token: JSON, lenient: Bool = false) throws(StoreError) -> VectorClock {
        guard let object = token.object else {
            throw .invalid(ValidationFailure(field: "clock", reason: "must be an object, got \(token.typeName)"))
        }
        guard object.count <= 64 else {
            throw .invalid(ValidationFailure(field: "clock", reason: "names \(object.count) actors; at most 64 are taken"))
        }
        var clock = VectorClock()
        for member in object {
            guard let count = member.value.integer, count > 0, count <= 9_007_199_254_740_991 else {
                throw .invalid(
                    ValidationFailure(field: "clock.\(member.name.prefix(40))", reason: "must be an integer from 1 to 2^53-1"))
            }
            guard let identity = directory.identity(named: member.name) ?? ActorIdentity(member.name) else {
                throw .invalid(
                    ValidationFailure(field: "clock.\(member.name.prefix(40))", reason: "is not an actor; expected role:name:incarnation"))
            }
            guard directory.number(of: identity.actor) != nil else {
                if lenient { continue }
                throw .invalid(
                    ValidationFailure(field: "clock.\(member.name.prefix(40))", reason: "is an actor this hub never introduced"))
            }
            clock.raise(identity.actor, to: UInt64(count))
        }
        return clock
    }

    /// Who an actor is.
    package func identity(of actor: Actor) -> ActorIdentity? { directory.identity(of: actor) }

    /// An actor by its text, where it is listed.
    package func identity(named text: String) -> ActorIdentity? { directory.identity(named: text) }
}

extension Directory {
    func token(of clock: VectorClock) -> JSON {
        .object(
            JSONObject(
                clock.entries.map { entry in
                    (identity(of: entry.actor)?.description ?? "unknown", .integer(Int64(clamping: entry.count)))
                }))
    }
}

extension Writing {
    /// Whether this store may have been told things it forgot: it was restored or copied once.
    package var forgetful: Bool { desk.life.reborn }

    /// Makes actors of lives that are over known again, by a clock that names them: the channel's own, which this store
    /// may never have met, and everybody's where this store forgot.
    package func recall(_ token: JSON, of channel: ChannelID) throws(StoreError) {
        guard let clock = token.object, clock.count <= 64 else { return }
        for name in clock.names {
            guard let identity = ActorIdentity(name) else { continue }
            let isOwn = identity.role == .channel && identity.name == channel.text
            if forgetful || isOwn { try admit(identity, "clock", isOwn: isOwn) }
        }
    }
}
