import Commerce

/// What applying a callback would change, as things are now.
struct InboxEffects: Hashable, Sendable {
    enum What: String, Sendable, CaseIterable {
        /// Another value becomes live.
        case change
        /// Taken up, and what is live stays.
        case noted
        case nothing, refused, question, read
    }

    struct Effect: Hashable, Sendable {
        var what: What
        /// A unit, `product/tea:tags`, or an entity.
        var subject: String
        var before: JSON? = nil
        var after: JSON? = nil
        var reason: String?

        var json: JSON {
            [
                "what": .string(what.rawValue), "subject": .string(subject), "before": before ?? .null,
                "after": after ?? .null, "reason": reason.map(JSON.string) ?? .null,
            ]
        }
    }

    var row: InboxRow
    /// Why it cannot be applied at all.
    var fault: String?
    var effects: [Effect]

    var json: JSON {
        ["callback": row.json, "fault": fault.map(JSON.string) ?? .null, "effects": .array(effects.map(\.json))]
    }
}
