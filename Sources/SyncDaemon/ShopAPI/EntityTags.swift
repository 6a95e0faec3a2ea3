/// The tags of an `If-None-Match`: what somebody holds already.
struct EntityTags: Sendable {
    private let tags: Set<Substring>
    private let isAny: Bool

    init(_ text: String) {
        isAny = text.trimmingPrefix { $0 == " " } == "*"
        tags = Set(text.split(separator: ",").map { EntityTags.opaque($0) })
    }

    /// Compares weakly, as a read does: a proxy that compresses makes tags weak.
    func contain(_ tag: String) -> Bool { isAny || tags.contains(EntityTags.opaque(tag[...])) }

    private static func opaque(_ text: Substring) -> Substring {
        let trimmed = text.drop { $0 == " " }
        return (trimmed.hasPrefix("W/") ? trimmed.dropFirst(2) : trimmed).prefix { $0 != " " }
    }
}
