/// Settings that do not stand in the file: environment and `--set`.
struct SettingLayers {
    let environment: [String: String]
    let options: [String]

    /// Lays `HEYI_SECTION__KEY` and then `--set section.key=value` over what was written.
    ///
    /// A variable without the two underlines is no setting (`HEYI_SOCKET`, `HEYI_CONFIG`).
    func over(_ written: Setting, ledger: SettingReader.Ledger) -> Setting {
        var settings = written
        for (name, text) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix("HEYI_") {
            let keys = name.dropFirst("HEYI_".count).lowercased().split(separator: "_", omittingEmptySubsequences: false)
            guard let path = Self.path(keys) else { continue }
            settings = lay(text, at: path, origin: .environment(name), over: settings, ledger: ledger)
        }
        for option in options {
            let halves = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let path = halves[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard halves.count == 2, path.count == 2, !path.contains("") else {
                ledger.problems.append(
                    ConfigurationProblem(origin: .option(halves[0]), words: "write --set section.key=value"))
                continue
            }
            settings = lay(halves[1], at: path, origin: .option(halves[0]), over: settings, ledger: ledger)
        }
        return settings
    }

    private func lay(
        _ text: String, at path: [String], origin: SettingOrigin, over settings: Setting, ledger: SettingReader.Ledger
    ) -> Setting {
        guard path.first != "channels" else {
            ledger.problems.append(
                ConfigurationProblem(origin: origin, words: "channels are declared in the file, or by heyi channel add"))
            return settings
        }
        return settings.setting(text, at: path[...], origin: origin)
    }

    /// `push`, ``, `retry`, `base` → `push`, `retry_base`.
    private static func path(_ parts: [Substring]) -> [String]? {
        guard let gap = parts.firstIndex(of: ""), gap > 0, gap + 1 < parts.count else { return nil }
        return [parts[..<gap].joined(separator: "_"), parts[(gap + 1)...].joined(separator: "_")]
    }
}
