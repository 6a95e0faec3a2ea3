/// Reads one section key by key and remembers everything that was wrong.
///
/// Reading never stops at a problem: the value keeps its default and the next key is
/// read, so that one run names all problems. A key nobody asked for is a problem too.
final class SettingReader {
    /// What all readers of one configuration share.
    final class Ledger {
        var problems: [ConfigurationProblem] = []
        /// Every key that was asked for, `push.batch`, `channels[].id`.
        var keys: [String] = []
    }

    let ledger: Ledger
    private let path: String
    private let keyPath: String
    private let entries: [Setting.Entry]
    private let origin: SettingOrigin?
    private var asked: [String] = []

    /// - Parameter path: How the section is named in problems, empty for the root.
    /// - Parameter keyPath: How it is named in `ledger.keys`.
    init(_ setting: Setting?, path: String, keyPath: String? = nil, ledger: Ledger) {
        self.path = path
        self.keyPath = keyPath ?? path
        self.ledger = ledger
        origin = setting?.origin
        switch setting {
        case nil, .empty: entries = []
        case .section(let entries, _): self.entries = entries
        case .some(let other):
            entries = []
            ledger.problems.append(
                ConfigurationProblem(origin: other.origin, words: "\(path.isEmpty ? "the file" : path) must be a section, got \(other.kindInWords)"))
        }
    }

    /// Reads `key` when it is there; otherwise `value` stays as it is.
    func read<Value>(_ key: String, into value: inout Value, as form: SettingForm<Value>) {
        if let new = optional(key, as: form) { value = new }
    }

    func read<Value>(_ key: String, into value: inout Value?, as form: SettingForm<Value>) {
        if let new = optional(key, as: form) { value = new }
    }

    /// Reads a key that must be there.
    func required<Value>(_ key: String, as form: SettingForm<Value>) -> Value? {
        if setting(key) == nil { report("\(name(key)) is missing: it must be \(form.expectation)", at: origin) }
        return optional(key, as: form)
    }

    func optional<Value>(_ key: String, as form: SettingForm<Value>) -> Value? {
        setting(key).flatMap { parse($0, name: name(key), as: form) }
    }

    /// Reads a list of texts; nil when the key is absent or empty.
    func list<Value>(_ key: String, as form: SettingForm<Value>) -> [Value]? {
        items(key)?.enumerated().compactMap { index, item in
            parse(item, name: "\(name(key))[\(index)]", as: form)
        }
    }

    /// Reads a list of sections.
    func sections(_ key: String) -> [SettingReader] {
        (items(key) ?? []).enumerated().map { index, item in
            SettingReader(
                item, path: "\(name(key))[\(index)]", keyPath: "\(keyName(key))[]", ledger: ledger)
        }
    }

    func section(_ key: String, _ body: (SettingReader) -> Void) {
        let reader = SettingReader(setting(key), path: name(key), keyPath: keyName(key), ledger: ledger)
        body(reader)
        reader.finish()
    }

    /// Reports every key that nobody asked for. Call it last.
    func finish() {
        for entry in entries where !asked.contains(entry.key) {
            let suggestion = Spelling.nearest(to: entry.key, among: asked).map { "; did you mean \($0)?" } ?? ""
            report("unknown key \(name(entry.key))\(suggestion)", at: entry.origin)
        }
    }

    func report(_ words: String, at origin: SettingOrigin? = nil) {
        ledger.problems.append(ConfigurationProblem(origin: origin ?? self.origin, words: words))
    }

    /// Where `key` is written, or else the section.
    func origin(of key: String) -> SettingOrigin? {
        entries.first { $0.key == key }?.value.origin ?? origin
    }

    private func setting(_ key: String) -> Setting? {
        if !asked.contains(key) {
            asked.append(key)
            ledger.keys.append(keyName(key))
        }
        guard let value = entries.first(where: { $0.key == key })?.value else { return nil }
        if case .empty = value { return nil }
        return value
    }

    private func items(_ key: String) -> [Setting]? {
        switch setting(key) {
        case nil: return nil
        case .list(let items, _): return items
        case .some(let other):
            report("\(name(key)) must be a list, got \(other.kindInWords)", at: other.origin)
            return nil
        }
    }

    private func parse<Value>(_ setting: Setting, name: String, as form: SettingForm<Value>) -> Value? {
        guard case .text(let text, let origin) = setting else {
            report("\(name) must be \(form.expectation), got \(setting.kindInWords)", at: setting.origin)
            return nil
        }
        if let value = form.parse(text) { return value }
        report("\(name) must be \(form.expectation)\(form.hidesValue ? "" : ", got \(text)")", at: origin)
        return nil
    }

    private func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
    private func keyName(_ key: String) -> String { keyPath.isEmpty ? key : "\(keyPath).\(key)" }
}

/// Finds the word a person most likely meant.
enum Spelling {
    /// - Returns: nil when nothing is near: more than a third of the letters differ.
    static func nearest(to word: String, among words: [String]) -> String? {
        let near = words.map { (word: $0, distance: distance(Array(word), Array($0))) }
        let best = near.min { ($0.distance, $0.word) < ($1.distance, $1.word) }
        return best.flatMap { $0.distance <= (word.count < 4 ? 1 : max(2, word.count / 3)) ? $0.word : nil }
    }

    /// Letters to insert, remove or replace.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var row = Array(0...right.count)
        for (i, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let replace = diagonal + (character == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replace, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}
