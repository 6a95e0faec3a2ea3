import Commerce

/// Takes back out of an observation what the channel itself put in.
///
/// A channel that cuts titles and then has its body edited shows a cut title that
/// nobody wrote. Whatever member still equals what the channel was known to hold is
/// therefore read as the full value it was cut from.
enum Lifting {
    /// - Parameters:
    ///   - shown: what the channel shows now.
    ///   - held: what it showed when it last agreed.
    ///   - base: the value it had been given then.
    static func lift(_ shown: JSON, held: JSON, base: JSON) -> JSON {
        if shown == held { return base }
        guard case .object(var result) = shown, let heldObject = held.object, let baseObject = base.object else {
            return shown
        }
        for member in baseObject.members {
            if heldObject[member.name] == shown[member.name] { result[member.name] = member.value }
        }
        return .object(result)
    }
}
