import Commerce

/// Which member of an answer is wrong, and what is wrong with it; never its value.
struct AnswerFault: Error, Hashable {
    let path: String
    let reason: String

    var channelError: ChannelError { .malformed(reason: path.isEmpty ? reason : "\(path): \(reason)") }
}

/// Reads an answer member by member and names the first that is wrong.
///
/// Members nobody asks for are ignored, so that a peer may know more than we do.
struct AnswerReader {
    let value: JSON
    let path: String

    init(_ value: JSON, path: String = "") {
        self.value = value
        self.path = path
    }

    func fault(_ reason: String) -> AnswerFault { AnswerFault(path: path, reason: reason) }

    private func wrongType(_ expected: String) -> AnswerFault {
        fault("expected \(expected), found \(value.typeName)")
    }

    func member(_ name: String) throws(AnswerFault) -> AnswerReader {
        guard let found = try raw(name) else { throw AnswerFault(path: joined(name), reason: "is missing") }
        return found
    }

    /// nil when the member is absent or null.
    func optional(_ name: String) throws(AnswerFault) -> AnswerReader? {
        guard let found = try raw(name), !found.value.isNull else { return nil }
        return found
    }

    private func raw(_ name: String) throws(AnswerFault) -> AnswerReader? {
        guard case .object(let object) = value else { throw wrongType("object") }
        return object[name].map { AnswerReader($0, path: joined(name)) }
    }

    private func joined(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    func object() throws(AnswerFault) -> JSONObject {
        guard case .object(let object) = value else { throw wrongType("object") }
        return object
    }

    func string() throws(AnswerFault) -> String {
        guard case .string(let text) = value else { throw wrongType("string") }
        return text
    }

    /// A text that is kept and handed back: without control characters and of bounded length.
    func mark(bytesMax: Int = AnswerLimits.markBytesMax, emptyAllowed: Bool = false) throws(AnswerFault) -> String {
        let text = try string()
        guard (emptyAllowed ? 0 : 1)...bytesMax ~= text.utf8.count,
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else { throw fault("must be \(emptyAllowed ? 0 : 1) to \(bytesMax) bytes without control characters") }
        return text
    }

    func timestamp() throws(AnswerFault) -> Timestamp {
        Timestamp(milliseconds: try integer(in: AnswerLimits.instants))
    }

    func bool() throws(AnswerFault) -> Bool {
        guard case .bool(let bool) = value else { throw wrongType("boolean") }
        return bool
    }

    func integer(in range: ClosedRange<Int64>) throws(AnswerFault) -> Int64 {
        guard case .integer(let number) = value else { throw wrongType("integer") }
        guard range.contains(number) else {
            throw fault("must be \(range.lowerBound)…\(range.upperBound), got \(number)")
        }
        return number
    }

    /// A number that is not negative, whole or not.
    func amount() throws(AnswerFault) -> Double {
        let number: Double? =
            switch value {
            case .integer(let whole): Double(whole)
            case .decimal(let literal): Double(literal)
            default: nil
            }
        guard let number else { throw wrongType("number") }
        guard number.isFinite, number >= 0, number <= 1e12 else { throw fault("must be 0 or more, within reason") }
        return number
    }

    func elements() throws(AnswerFault) -> [AnswerReader] {
        guard case .array(let values) = value else { throw wrongType("array") }
        return values.enumerated().map { AnswerReader($0.element, path: "\(path)[\($0.offset)]") }
    }

    /// The elements of a member that may be missing, which then has none.
    func optionalElements(_ name: String) throws(AnswerFault) -> [AnswerReader] {
        try optional(name)?.elements() ?? []
    }

    /// The elements of a page, of which there are only so many.
    func page(_ name: String) throws(AnswerFault) -> [AnswerReader] {
        let list = try member(name)
        if let count = list.value.array?.count, count > AnswerLimits.pageMax {
            throw list.fault("has \(count) elements; a page has at most \(AnswerLimits.pageMax)")
        }
        return try list.elements()
    }

    /// The same value seen as the top of its own document.
    var rooted: AnswerReader { AnswerReader(value) }
}

extension AnswerReader {
    /// `{"kind", "id"}`.
    func entity() throws(AnswerFault) -> RemoteRef {
        let kindReader = try member("kind")
        guard let kind = EntityKind(rawValue: try kindReader.string()) else {
            throw kindReader.fault("is not a kind of entity")
        }
        return RemoteRef(kind: kind, id: try member("id").mark(bytesMax: 128))
    }

    func unit() throws(AnswerFault) -> UnitName {
        guard let unit = UnitName(try string()) else { throw fault("is not a unit's name") }
        return unit
    }

    func duration() throws(AnswerFault) -> Duration { .milliseconds(Int64((try amount() * 1_000).rounded(.up))) }

    func families() throws(AnswerFault) -> Set<String> {
        var families: Set<String> = []
        for element in try elements() { families.insert(try element.string()) }
        return families
    }

    func projection() throws(AnswerFault) -> Projection {
        var rules: [ProjectionRule] = []
        let elements = try elements()
        guard elements.count <= AnswerLimits.projectionRulesMax else {
            throw fault("has \(elements.count) rules; at most \(AnswerLimits.projectionRulesMax) are taken")
        }
        for element in elements {
            let family = try element.member("unit").string()
            let memberName = try element.optional("member")?.string()
            rules.append(ProjectionRule(family: family, member: memberName, effect: try element.effect()))
        }
        return Projection(rules: rules)
    }

    private func effect() throws(AnswerFault) -> ProjectionRule.Effect {
        let name = try member("effect")
        switch try name.string() {
        case "truncate": return .truncate(characters: Int(try member("characters").integer(in: 0...1_000_000)))
        case "strip_html": return .stripHTML
        case "round": return .round(unit: try member("to").integer(in: 1...1_000_000_000_000))
        case "sort": return .sort
        case "drop": return .drop
        default: throw name.fault("must be truncate, strip_html, round, sort or drop")
        }
    }
}
