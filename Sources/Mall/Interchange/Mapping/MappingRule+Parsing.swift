import Commerce

extension MappingRule {
    private static let keys = [
        "$from", "$as", "$value", "$template", "$default", "$split", "$words", "$digits", "$each", "$item",
    ]

    /// Reads a rule; `place` names where it stands in the mapping file.
    static func parse(_ json: JSON, at place: String) throws(InterchangeError) -> MappingRule {
        switch json {
        case .string(let path): return .from([try self.path(path, place)], Conversion(), otherwise: nil)
        case .bool, .integer, .decimal, .null: return .constant(json)
        case .array(let elements):
            var rules: [MappingRule] = []
            for (index, element) in elements.enumerated() { rules.append(try parse(element, at: "\(place)[\(index)]")) }
            return .array(rules)
        case .object(let object):
            if object.names.contains(where: { $0.hasPrefix("$") }) { return try rule(object, place) }
            var members: [(name: String, rule: MappingRule)] = []
            for member in object {
                members.append((member.name, try parse(member.value, at: "\(place).\(member.name)")))
            }
            return .object(members)
        }
    }

    private static func rule(_ object: JSONObject, _ place: String) throws(InterchangeError) -> MappingRule {
        for name in object.names where !keys.contains(name) {
            let near = Spelling.nearest(to: name, among: keys).map { "; did you mean \"\($0)\"?" } ?? ""
            throw fault(place, "unknown member \"\(name)\"\(near)")
        }
        if let value = object["$value"] { return .constant(value) }
        if let template = object["$template"] { return try self.template(template, place) }
        if let each = object["$each"] {
            guard let text = each.string, let item = object["$item"] else {
                throw fault(place, "\"$each\" needs a path, and beside it an \"$item\"")
            }
            return .each(try path(text, place), try parse(item, at: place + ".$item"))
        }
        let texts = object["$from"]?.string.map { [$0] } ?? object["$from"]?.array?.compactMap(\.string) ?? []
        guard !texts.isEmpty else { throw fault(place, "needs \"$from\", \"$value\", \"$template\" or \"$each\"") }
        var paths: [SourcePath] = []
        for text in texts { paths.append(try path(text, place)) }
        return .from(paths, try conversion(object, place), otherwise: object["$default"])
    }

    private static func conversion(_ object: JSONObject, _ place: String) throws(InterchangeError) -> Conversion {
        var conversion = Conversion()
        if let name = object["$as"] {
            guard let kind = name.string.flatMap(Kind.init(rawValue:)) else {
                let known = Kind.allCases.map(\.rawValue)
                let near = name.string.flatMap { Spelling.nearest(to: $0, among: known) }
                throw fault(
                    place, "\"$as\" knows \(known.joined(separator: ", "))" + (near.map { "; did you mean \($0)?" } ?? ""))
            }
            conversion.kind = kind
        }
        if let split = object["$split"] {
            guard let separator = split.string, !separator.isEmpty else { throw fault(place, "\"$split\" needs a text") }
            conversion.separator = separator
        }
        if let words = object["$words"] {
            guard let pairs = words.object else { throw fault(place, "\"$words\" must be an object of words") }
            conversion.words = Dictionary(pairs.map { ($0.name, $0.value) }) { first, _ in first }
        }
        if let digits = object["$digits"] {
            guard let count = digits.integer, (0...9).contains(count) else { throw fault(place, "\"$digits\" must be 0…9") }
            conversion.digits = Int(count)
        }
        return conversion
    }

    private static func template(_ json: JSON, _ place: String) throws(InterchangeError) -> MappingRule {
        guard let text = json.string else { throw fault(place, "\"$template\" needs a text such as \"{sn}-{id}\"") }
        var pieces: [Piece] = []
        for (index, part) in text.split(separator: "{", omittingEmptySubsequences: false).enumerated() {
            guard index > 0 else {
                pieces.append(.text(String(part)))
                continue
            }
            let halves = part.split(separator: "}", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2 else { throw fault(place, "a \"{\" in \"$template\" is not closed") }
            pieces.append(.value(try path(String(halves[0]), place)))
            pieces.append(.text(String(halves[1])))
        }
        return .template(pieces)
    }

    private static func path(_ text: String, _ place: String) throws(InterchangeError) -> SourcePath {
        do throws(InterchangeError) { return try SourcePath(text) } catch { throw fault(place, error.description) }
    }

    static func fault(_ place: String, _ reason: String) -> InterchangeError {
        .unusable("mapping file, \(place): \(reason)")
    }
}
