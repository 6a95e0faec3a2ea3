extension ProjectionRule {
    /// Reads a rule as channels declare it, e.g. `{"unit": "text", "member": "title",
    /// "effect": "truncate", "characters": 60}`; nil for a rule we do not know.
    package init?(json: JSON) {
        guard let family = json["unit"]?.string, let effect = json["effect"]?.string else { return nil }
        let known: Effect
        switch effect {
        case "truncate":
            guard let characters = json["characters"]?.integer, characters >= 0 else { return nil }
            known = .truncate(characters: Int(clamping: characters))
        case "strip_html": known = .stripHTML
        case "round":
            guard let unit = json["to"]?.integer, unit > 0 else { return nil }
            known = .round(unit: unit)
        case "sort": known = .sort
        case "drop": known = .drop
        default: return nil
        }
        self.init(family: family, member: json["member"]?.string, effect: known)
    }

    package var json: JSON {
        var object = JSONObject()
        object["unit"] = .string(family)
        object["member"] = member.map { .string($0) } ?? .null
        switch effect {
        case .truncate(let characters):
            object["effect"] = "truncate"
            object["characters"] = .integer(Int64(characters))
        case .stripHTML: object["effect"] = "strip_html"
        case .round(let unit):
            object["effect"] = "round"
            object["to"] = .integer(unit)
        case .sort: object["effect"] = "sort"
        case .drop: object["effect"] = "drop"
        }
        return .object(object)
    }
}
