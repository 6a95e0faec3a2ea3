/// Every unit there is: what it is for, which values it takes, and who merges it.
///
/// The one place that binds a unit to its ``MergePolicy``; `docs/units-and-policies.md`
/// is printed from it. A unit that is not here does not exist: nothing stores it,
/// no channel sends it.
package enum UnitCatalog {
    package static let all: [UnitDefinition] = product + sku + category + brand + tag

    /// Finds what a unit is, and checks that its name fits: qualifier and channel included.
    ///
    /// - Throws: ``ValidationFailure`` about the field `unit`, which names the nearest
    ///   family when this one is unknown.
    package static func definition(_ kind: EntityKind, _ unit: UnitName) throws(ValidationFailure) -> UnitDefinition {
        let family = unit.family
        guard let found = index[kind]?[family] else { throw unknown(family, of: kind) }
        try check(unit, against: found)
        return found
    }

    /// The families an entity of this kind has, in the order of the table.
    package static func families(of kind: EntityKind) -> [UnitDefinition] { all.filter { $0.kind == kind } }

    private static let index: [EntityKind: [String: UnitDefinition]] = {
        var index: [EntityKind: [String: UnitDefinition]] = [:]
        for definition in all {
            let earlier = index[definition.kind, default: [:]].updateValue(definition, forKey: definition.family)
            precondition(earlier == nil, "\(definition.kind) has two units called \(definition.family)")
        }
        return index
    }()

    private static func check(_ unit: UnitName, against definition: UnitDefinition) throws(ValidationFailure) {
        if !definition.perChannel, unit.text.utf8.contains(UInt8(ascii: "@")) {
            throw failure("\(definition.family) is the same on every channel; leave out \"@\(unit.channel?.text ?? "")\"")
        }
        let qualifier = unit.qualifier
        switch (definition.qualifier, qualifier) {
        case (.none, nil): return
        case (.none, let given?):
            throw failure("\(definition.family) takes no qualifier; leave out \".\(given)\"")
        case (.locale, nil): throw failure("\(definition.family) needs a language, for example \(definition.family).zh-CN")
        case (.currency, nil): throw failure("\(definition.family) needs a currency, for example \(definition.family).CNY")
        case (.source, nil): throw failure("\(definition.family) needs a source, for example \(definition.family).shopify")
        case (.locale, let given?):
            guard LanguageTag(given) == nil else { return }
            throw failure("\"\(given)\" is no language tag; write one such as zh-CN, zh-Hant-TW or en")
        case (.currency, let given?):
            guard Currency(given) == nil else { return }
            throw failure("\"\(given)\" is no ISO 4217 currency; write one such as CNY, USD or JPY")
        case (.source, let given?):
            guard given.utf8.count > 32 else { return }
            throw failure("a source has at most 32 characters")
        }
    }

    private static func unknown(_ family: String, of kind: EntityKind) -> ValidationFailure {
        let known = families(of: kind).map(\.family)
        let near = Spelling.nearest(to: family, among: known)
        let hint = near.map { "did you mean \"\($0)\"?" } ?? "it has: \(known.joined(separator: ", "))"
        return failure("a \(kind.rawValue) has no unit \"\(family)\"; \(hint)")
    }

    private static func failure(_ reason: String) -> ValidationFailure { ValidationFailure(field: "unit", reason: reason) }
}
