/// The languages the status page speaks.
enum PageLanguage: String, CaseIterable, Sendable {
    case english = "en"
    case chinese = "zh"

    /// The one asked for by `?lang=`, else the first of `Accept-Language` we speak, else English.
    static func chosen(query: String?, header: String?) -> PageLanguage {
        if let query, let language = PageLanguage(rawValue: query) { return language }
        let wanted = (header ?? "").split(separator: ",").prefix(16).enumerated().map { index, part in
            let pieces = part.split(separator: ";").map { $0.filter { $0 != " " } }
            let weight = pieces.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            return (tag: String(pieces.first ?? "").lowercased(), weight: weight, index: index)
        }
        let ordered = wanted.sorted { ($1.weight, $0.index) < ($0.weight, $1.index) }
        for want in ordered {
            if let language = allCases.first(where: { want.tag == $0.rawValue || want.tag.hasPrefix($0.rawValue + "-") }) {
                return language
            }
        }
        return .english
    }

    var words: PageWords { self == .chinese ? .chinese : .english }
    /// For `<html lang>`.
    var tag: String { self == .chinese ? "zh-CN" : "en" }
}
