extension UnitCatalog {
    static let category: [UnitDefinition] = [
        life(.category),
        text(.category),
        UnitDefinition(
            kind: .category, family: "place", policy: .lastWriter,
            purpose: "The category above it, and its position among its neighbours.", check: PlainValues.place),
        media(.category),
    ]

    static let brand: [UnitDefinition] = [life(.brand), text(.brand), media(.brand)]

    static let tag: [UnitDefinition] = [life(.tag), text(.tag)]

    static func life(_ kind: EntityKind) -> UnitDefinition {
        UnitDefinition(
            kind: kind, family: "life", policy: .hubAuthoritative,
            purpose: "Whether the \(kind.rawValue) exists; a channel's deletion is a proposal.",
            check: PlainValues.life)
    }

    static func text(_ kind: EntityKind) -> UnitDefinition {
        UnitDefinition(
            kind: kind, family: "text", qualifier: .locale, policy: .disjointText,
            purpose: "Title, brief, body and search words in one language; brief and body are sanitised HTML.",
            check: TextValue.check)
    }

    static func media(_ kind: EntityKind) -> UnitDefinition {
        UnitDefinition(
            kind: kind, family: "media", policy: .addWinsSet(key: "url"),
            purpose: "Pictures and videos, in the order they are shown.", check: MediaList.check)
    }

    static func extra(_ kind: EntityKind) -> UnitDefinition {
        UnitDefinition(
            kind: kind, family: "extra", qualifier: .source, policy: .singleOwner,
            purpose: "Columns of a foreign file that no other unit holds, kept so that an export gives them back.",
            check: PlainValues.names(to: 65_536, countMax: 300, lines: true))
    }
}
