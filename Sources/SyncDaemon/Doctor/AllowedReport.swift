import Commerce

/// Copies of what the daemon says of itself, made of allowed members only.
enum AllowedReport {
    /// Numbers, switches and stable words of the status report; what somebody said is reduced to words of ours.
    static func status(_ report: JSON, names: Set<String>) -> JSON {
        var object = JSONObject()
        for name in ["at", "uptime_seconds", "conflicts_open"] { object[name] = number(report[name]) }
        for name in ["version", "generation"] { object[name] = word(report[name]) }
        object["verdict"] = code(report["verdict"])
        object["problems"] = .array(
            (report["problems"]?.array ?? []).map { problem in
                ["kind": code(problem["kind"]), "channel": name(problem["channel"], names), "count": number(problem["count"])]
            })
        object["channels"] = .array((report["channels"]?.array ?? []).map { channel($0, names) })
        object["inbox"] = numbers(report["inbox"])
        object["store"] = numbers(report["store"])
        object["configuration"] = [
            "loaded_at": number(report["configuration"]?["loaded_at"]),
            "refused": .bool(report["configuration"]?["refused"]?.string != nil),
        ]
        return .object(object)
    }

    private static func channel(_ channel: JSON, _ names: Set<String>) -> JSON {
        var object = JSONObject()
        object["id"] = name(channel["id"], names)
        for member in ["kind", "transport", "state", "breaker"] { object[member] = code(channel[member]) }
        for member in [
            "lag_changes", "lag_seconds", "last_success_at", "in_flight", "retrying", "unknown", "dead", "rate_budget",
        ] { object[member] = number(channel[member]) }
        for member in ["reason", "last_error"] { object[member] = text(channel[member], names) }
        return .object(object)
    }

    static func doctor(_ report: JSON, names: Set<String>) -> JSON {
        var object = JSONObject()
        object["at"] = number(report["at"])
        object["version"] = word(report["version"])
        object["verdict"] = code(report["verdict"])
        object["by_daemon"] = .bool(report["by_daemon"]?.bool ?? false)
        object["checks"] = .array(
            (report["checks"]?.array ?? []).map { check in
                let symptoms = (check["symptoms"]?.array ?? []).map { symptom -> JSON in
                    [
                        "level": code(symptom["level"]), "text": text(symptom["text"], names),
                        "detail": text(symptom["detail"], names),
                    ]
                }
                return [
                    "id": word(check["id"]), "finding": code(check["finding"]), "milliseconds": number(check["milliseconds"]),
                    "evidence": evidence(check["evidence"]), "symptoms": .array(symptoms),
                ]
            })
        return .object(object)
    }

    /// A line of the log without who, which and what was said: when, what kind, where.
    static func entry(_ entry: JSON, names: Set<String>) -> JSON {
        let kind = entry["entity"]?.string?.split(separator: "/").first.map(String.init) ?? ""
        return [
            "at": number(entry["at"]), "level": code(entry["level"]), "origin": code(entry["origin"]), "code": code(entry["code"]),
            "channel": name(entry["channel"], names),
            "entity_kind": EntityKind(rawValue: kind).map { .string($0.rawValue) } ?? .null, "text": text(entry["text"], names),
        ]
    }

    /// Samples of the metrics page whose labels hold names of ours and known channels.
    static func metrics(_ page: String, names: Set<String>) -> String {
        page.split(separator: "\n").filter { line in
            !line.hasPrefix("#") && labels(of: line).allSatisfy { isAllowed($0.value, as: $0.name, names) }
        }.joined(separator: "\n") + "\n"
    }

    /// `{name="value",…}` as the exposition writes it.
    private static func labels(of line: Substring) -> [(name: Substring, value: String)] {
        let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
        return stride(from: 0, to: parts.count - 1, by: 2).map { index in
            (parts[index].drop { $0 != "{" && $0 != "," }.dropFirst().prefix { $0 != "=" }, String(parts[index + 1]))
        }
    }

    private static func isAllowed(_ value: String, as label: Substring, _ names: Set<String>) -> Bool {
        switch label {
        case "channel": names.contains(value)
        case "le", "status": value == "+Inf" || (value.utf8.count <= 8 && Double(value) != nil)
        case "version": AllowedText.word(value) == value
        // Patterns of our own routes; what was really asked for is in none.
        case "route": value.utf8.count <= 64 && value.utf8.allSatisfy { (0x61...0x7A).contains($0) || "/{}_-.1".utf8.contains($0) }
        case "result", "state", "listener": AllowedText.code(value) == value
        default: false
        }
    }

    /// Members of evidence whose text the program or the system makes by itself.
    private static let evidenceWords: Set<String> = ["generation", "mark", "sqlite", "libcurl"]

    private static func evidence(_ value: JSON?) -> JSON {
        var object = JSONObject()
        for member in value?.object ?? JSONObject() {
            switch member.value {
            case .integer, .bool, .null: object[member.name] = member.value
            case .string where evidenceWords.contains(member.name): object[member.name] = word(member.value)
            case .array(let elements): object[member.name] = .array(elements.filter { $0.integer != nil })
            default: continue
            }
        }
        return .object(object)
    }

    private static func numbers(_ value: JSON?) -> JSON {
        var object = JSONObject()
        for member in value?.object ?? JSONObject() where member.value.integer != nil || member.value.bool != nil {
            object[member.name] = member.value
        }
        return .object(object)
    }

    private static func number(_ value: JSON?) -> JSON { value?.integer.map { .integer($0) } ?? .null }
    private static func word(_ value: JSON?) -> JSON { value?.string.map { .string(AllowedText.word($0)) } ?? .null }
    private static func code(_ value: JSON?) -> JSON { value?.string.map { .string(AllowedText.code($0)) } ?? .null }
    private static func text(_ value: JSON?, _ names: Set<String>) -> JSON {
        value?.string.map { .string(AllowedText.reduced($0, names: names)) } ?? .null
    }
    private static func name(_ value: JSON?, _ names: Set<String>) -> JSON {
        value?.string.map { .string(names.contains($0) ? $0 : AllowedText.other) } ?? .null
    }
}
