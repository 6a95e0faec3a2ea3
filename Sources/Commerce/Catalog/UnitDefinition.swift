/// What a family of units is, who merges it and which values it takes.
package struct UnitDefinition: Sendable {
    /// What may stand after the dot of a unit's name.
    package enum Qualifier: String, Sendable {
        case none
        /// A language tag, `text.zh-CN`.
        case locale
        /// An ISO 4217 code, `price.CNY`.
        case currency
        /// Where foreign columns came from, `extra.shopify`.
        case source
    }

    package let kind: EntityKind
    package let family: String
    package let qualifier: Qualifier
    /// Whether `@channel` may follow, giving one channel a value of its own.
    package let perChannel: Bool
    package let policy: MergePolicy
    /// One sentence for the table in the documents.
    package let purpose: String
    private let check: @Sendable (JSON) throws(ValidationFailure) -> JSON

    package init(
        kind: EntityKind, family: String, qualifier: Qualifier = .none, perChannel: Bool = false,
        policy: MergePolicy, purpose: String,
        check: @escaping @Sendable (JSON) throws(ValidationFailure) -> JSON
    ) {
        self.kind = kind
        self.family = family
        self.qualifier = qualifier
        self.perChannel = perChannel
        self.policy = policy
        self.purpose = purpose
        self.check = check
    }

    /// Returns the value in its normal form: trimmed, sanitised, defaults left out.
    ///
    /// - Throws: ``ValidationFailure`` naming the first member that is wrong.
    package func validate(_ value: JSON) throws(ValidationFailure) -> JSON { try check(value) }
}

/// Why a value is refused: which member, and what is wrong with it.
package struct ValidationFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Path inside the value, `amount` or `items[2].url`; empty for the value itself.
    package let field: String
    package let reason: String

    package init(field: String, reason: String) {
        self.field = field
        self.reason = reason
    }

    package var description: String { field.isEmpty ? reason : "\(field): \(reason)" }
}
