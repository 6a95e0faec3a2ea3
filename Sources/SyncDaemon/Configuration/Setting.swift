import Yams

/// A setting as it was written: text, not yet a value, and where it stands.
indirect enum Setting {
    case text(String, SettingOrigin)
    case empty(SettingOrigin)
    case list([Setting], SettingOrigin)
    case section([Entry], SettingOrigin)

    struct Entry {
        let key: String
        let origin: SettingOrigin
        var value: Setting
    }

    var origin: SettingOrigin {
        switch self {
        case .text(_, let origin), .empty(let origin), .list(_, let origin), .section(_, let origin): origin
        }
    }

    var kindInWords: String {
        switch self {
        case .text(let text, _): "'\(text)'"
        case .empty: "nothing"
        case .list: "a list"
        case .section: "a section"
        }
    }

    /// Reads YAML text; a file with nothing but comments is an empty section.
    ///
    /// - Throws: the first problem that keeps the text from being YAML at all.
    init(yaml text: String, path: String) throws(ConfigurationProblem) {
        let start = SettingOrigin.file(path: path, line: 1, column: 1)
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw ConfigurationProblem(yamlError: error, path: path)
        } catch {
            throw ConfigurationProblem(origin: start, words: "cannot be read as YAML: \(error)")
        }
        self = try root.map { node throws(ConfigurationProblem) in try Setting(node, path: path, depth: 0) }
            ?? .section([], start)
    }

    private init(_ node: Node, path: String, depth: Int) throws(ConfigurationProblem) {
        let mark = node.mark
        let origin = SettingOrigin.file(path: path, line: mark?.line ?? 1, column: mark?.column ?? 1)
        // Aliases may repeat a branch in itself many times over; real files are shallow.
        guard depth < 12 else { throw ConfigurationProblem(origin: origin, words: "nested too deeply") }
        switch node {
        case .scalar(let scalar):
            let isNull = scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
            self = isNull ? .empty(origin) : .text(scalar.string, origin)
        case .sequence(let sequence):
            var items: [Setting] = []
            for item in sequence { items.append(try Setting(item, path: path, depth: depth + 1)) }
            self = .list(items, origin)
        case .mapping(let mapping):
            var entries: [Entry] = []
            for (key, value) in mapping {
                let keyOrigin = SettingOrigin.file(path: path, line: key.mark?.line ?? 1, column: key.mark?.column ?? 1)
                guard let name = key.string else {
                    throw ConfigurationProblem(origin: keyOrigin, words: "a key must be a word")
                }
                entries.append(Entry(key: name, origin: keyOrigin, value: try Setting(value, path: path, depth: depth + 1)))
            }
            self = .section(entries, origin)
        case .alias:
            throw ConfigurationProblem(origin: origin, words: "this alias stands for nothing")
        }
    }

    /// The same settings with `text` at `keys`, replacing what was there.
    func setting(_ text: String, at keys: ArraySlice<String>, origin: SettingOrigin) -> Setting {
        guard let key = keys.first else { return .text(text, origin) }
        var entries: [Entry] = []
        if case .section(let held, _) = self { entries = held }
        let index = entries.firstIndex { $0.key == key }
        let below = index.map { entries[$0].value } ?? .section([], origin)
        let entry = Entry(key: key, origin: origin, value: below.setting(text, at: keys.dropFirst(), origin: origin))
        if let index { entries[index] = entry } else { entries.append(entry) }
        return .section(entries, self.origin)
    }
}

extension ConfigurationProblem {
    fileprivate init(yamlError error: YamlError, path: String) {
        let mark: Mark?
        let words: String
        switch error {
        case .scanner(_, let problem, let place, _), .parser(_, let problem, let place, _),
            .composer(_, let problem, let place, _):
            (mark, words) = (place, "not YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            (mark, words) = (context.mark, "written twice: \(duplicates.sorted().joined(separator: ", "))")
        case .reader(let problem, _, _, _), .writer(let problem), .emitter(let problem), .representer(let problem):
            (mark, words) = (nil, "not YAML: \(problem)")
        case .no, .memory, .dataCouldNotBeDecoded:
            (mark, words) = (nil, "not YAML")
        }
        self.init(origin: .file(path: path, line: mark?.line ?? 1, column: mark?.column ?? 1), words: words)
    }
}
