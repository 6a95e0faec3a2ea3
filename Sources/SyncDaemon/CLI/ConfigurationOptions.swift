import ArgumentParser
import Foundation

/// Where the configuration is; for commands that are the daemon rather than ask it.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: .long,
        help: "The configuration. Default: $HEYI_CONFIG, else heyi.yaml in $CONFIGURATION_DIRECTORY or /etc/heyi.",
        completion: .file())
    var config: String?

    @Option(name: .long, help: "section.key=value; wins over file and environment. May be repeated.")
    var set: [String] = []

    var source: ConfigurationSource {
        ConfigurationSource(path: config, environment: ProcessInfo.processInfo.environment, options: set)
    }

    /// - Throws: exit code 78 after every problem was named on standard error.
    func load() throws -> Configuration {
        do {
            return try Configuration.load(source)
        } catch {
            for problem in error.problems { Terminal.say(problem.description) }
            throw ExitStatus.configuration.exit
        }
    }
}
