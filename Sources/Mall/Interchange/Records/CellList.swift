/// Several texts in one cell, separated by commas.
///
/// A comma inside a text is written `\,`, as WooCommerce does; backslashes before a
/// comma or at the end of a text are doubled, so that every list comes back exactly.
enum CellList {
    static func split(_ cell: String) -> [String] {
        var parts: [String] = []
        var part = ""
        var backslashes = 0
        func endRun(beforeBreak: Bool) -> Bool {
            defer { backslashes = 0 }
            part += String(repeating: "\\", count: beforeBreak ? backslashes / 2 : backslashes)
            return beforeBreak && backslashes % 2 == 1
        }
        for character in cell {
            switch character {
            case "\\": backslashes += 1
            case ",":
                if endRun(beforeBreak: true) {
                    part.append(",")
                } else {
                    parts.append(part)
                    part = ""
                }
            default:
                _ = endRun(beforeBreak: false)
                part.append(character)
            }
        }
        if endRun(beforeBreak: true) { part.append("\\") }
        parts.append(part)
        return parts.map(\.trimmed).filter { !$0.isEmpty }
    }

    static func joined(_ parts: [String]) -> String { parts.map(escaped).joined(separator: ", ") }

    private static func escaped(_ part: String) -> String {
        guard part.contains(where: { $0 == "," || $0 == "\\" }) else { return part }
        var output = ""
        var backslashes = 0
        for character in part {
            if character == "\\" {
                backslashes += 1
                continue
            }
            output += String(repeating: "\\", count: character == "," ? backslashes * 2 + 1 : backslashes)
            output.append(character)
            backslashes = 0
        }
        return output + String(repeating: "\\", count: backslashes * 2)
    }
}
