/// A category by the titles from the top, as `Home > Kitchen`; `>` in a title is written `\>`.
enum CategoryPath {
    static func split(_ text: String) -> [String] {
        var titles = [""]
        var escaping = false
        for character in text {
            if escaping {
                if character != "\\", character != ">" { titles[titles.count - 1].append("\\") }
                titles[titles.count - 1].append(character)
                escaping = false
            } else if character == "\\" {
                escaping = true
            } else if character == ">" {
                titles.append("")
            } else {
                titles[titles.count - 1].append(character)
            }
        }
        if escaping { titles[titles.count - 1].append("\\") }
        return titles.map(\.trimmed).filter { !$0.isEmpty }
    }

    static func joined(_ titles: [String]) -> String {
        titles.map { $0.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\") }
            .map { $0.split(separator: ">", omittingEmptySubsequences: false).joined(separator: "\\>") }
            .joined(separator: " > ")
    }
}
