/// Where a setting was written, for people.
enum SettingOrigin: Hashable, Sendable, CustomStringConvertible {
    case file(path: String, line: Int, column: Int)
    /// The name of an environment variable.
    case environment(String)
    /// The text after `--set`.
    case option(String)

    var description: String {
        switch self {
        case .file(let path, let line, let column): "\(path):\(line):\(column)"
        case .environment(let name): "environment \(name)"
        case .option(let text): "--set \(text)"
        }
    }
}

/// One thing that is wrong with a configuration, in words that say how to put it right.
struct ConfigurationProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// nil when it is about what was *not* written.
    let origin: SettingOrigin?
    let words: String

    /// Line, then column, as one number; the greatest for what has no line.
    fileprivate var place: Int {
        if case .file(_, let line, let column) = origin { line << 20 + min(column, 1 << 20 - 1) } else { Int.max }
    }

    var description: String { origin.map { "\($0): \(words)" } ?? words }
}

/// All problems of one configuration, in the order of the file.
struct ConfigurationProblems: Error, Hashable, Sendable, CustomStringConvertible {
    let problems: [ConfigurationProblem]

    /// Puts the problems into the order of the file; those of other layers come after.
    init(problems: [ConfigurationProblem]) {
        self.problems = problems.enumerated().sorted { left, right in
            (left.element.place, left.offset) < (right.element.place, right.offset)
        }.map(\.element)
    }

    var description: String { problems.map(\.description).joined(separator: "\n") }
}
