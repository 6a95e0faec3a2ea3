import Commerce

/// How a mapping file builds one value out of a source record.
indirect enum MappingRule: Sendable {
    case constant(JSON)
    case from([SourcePath], Conversion, otherwise: JSON?)
    /// Literal text and values in turn: `{^.sn}-{id}`.
    case template([Piece])
    case each(SourcePath, MappingRule)
    case object([(name: String, rule: MappingRule)])
    case array([MappingRule])

    enum Piece: Sendable { case text(String), value(SourcePath) }

    /// What is done to a value on its way in.
    struct Conversion: Sendable {
        var kind = Kind.asIs
        /// A text is cut at this separator, and each part converted.
        var separator: String?
        /// Words and what they stand for.
        var words: [String: JSON]?
        /// Decimal places of `scaled`, e.g. 3 from kilograms to grams.
        var digits = 0
    }

    enum Kind: String, CaseIterable, Sendable {
        case asIs = "as_is"
        case text, integer, scaled, money, bool, html, path, distinct
    }
}
