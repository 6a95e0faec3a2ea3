import Foundation

/// Where a configuration comes from: built-in defaults, then what systemd says, then the
/// file, then `HEYI_SECTION__KEY`, then `--set`; the later wins.
struct ConfigurationSource: Sendable {
    /// nil when there is no file.
    var path: String?
    var environment: [String: String]
    /// Texts of `--set section.key=value`.
    var options: [String]

    /// Chooses the file: `--config`, `$HEYI_CONFIG`, `$CONFIGURATION_DIRECTORY/heyi.yaml`,
    /// `/etc/heyi/heyi.yaml`. The first two must exist, the others may be missing.
    init(path: String?, environment: [String: String], options: [String]) {
        self.environment = environment
        self.options = options
        let directory = Self.firstDirectory(environment["CONFIGURATION_DIRECTORY"]) ?? "/etc/heyi"
        let usual = "\(directory)/heyi.yaml"
        self.path = path ?? environment["HEYI_CONFIG"]
            ?? (FileManager.default.fileExists(atPath: usual) ? usual : nil)
    }

    static func firstDirectory(_ list: String?) -> String? {
        list?.split(separator: ":").first.map(String.init)
    }
}

extension Configuration {
    /// Room for ten thousand channels.
    static let fileBytesMax = 8 << 20

    /// Reads all layers.
    ///
    /// - Throws: ``ConfigurationProblems`` with every problem there is, so that one run suffices.
    static func load(_ source: ConfigurationSource) throws(ConfigurationProblems) -> Configuration {
        var text = ""
        if let path = source.path {
            guard let bytes = FileManager.default.contents(atPath: path) else {
                throw ConfigurationProblems(problems: [
                    ConfigurationProblem(origin: nil, words: "\(path): cannot be read; see deploy/heyi.example.yaml, or leave --config away to use the defaults")
                ])
            }
            guard bytes.count <= fileBytesMax, let utf8 = String(validating: bytes, as: UTF8.self) else {
                throw ConfigurationProblems(problems: [
                    ConfigurationProblem(origin: nil, words: "\(path): not UTF-8 text of at most \(fileBytesMax) bytes")
                ])
            }
            text = utf8
        }
        return try parse(text, path: source.path ?? "built-in", environment: source.environment, options: source.options)
    }

    /// Reads YAML text and the layers over it.
    static func parse(
        _ text: String, path: String, environment: [String: String] = [:], options: [String] = [],
        ledger: SettingReader.Ledger = SettingReader.Ledger()
    ) throws(ConfigurationProblems) -> Configuration {
        let written: Setting
        do {
            written = try Setting(yaml: text, path: path)
        } catch {
            throw ConfigurationProblems(problems: [error])
        }
        let settings = SettingLayers(environment: environment, options: options).over(written, ledger: ledger)
        var configuration = Configuration()
        configuration.adopt(environment)
        let root = SettingReader(settings, path: "", ledger: ledger)
        configuration.read(root)
        root.finish()
        guard ledger.problems.isEmpty else { throw ConfigurationProblems(problems: ledger.problems) }
        return configuration
    }

    /// Takes the directories that systemd made for the service.
    private mutating func adopt(_ environment: [String: String]) {
        if let directory = ConfigurationSource.firstDirectory(environment["STATE_DIRECTORY"]) { store.directory = directory }
        if let directory = ConfigurationSource.firstDirectory(environment["RUNTIME_DIRECTORY"]) {
            listen.socket = "\(directory)/heyi.sock"
        }
    }
}
