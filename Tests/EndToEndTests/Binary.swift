import Foundation

/// The programs that were built beside the tests.
enum Binary {
    static var directory: String { URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path }

    /// What a program said, and how it ended.
    struct Outcome {
        let code: Int32
        /// Standard output.
        let text: String
        /// Standard error.
        let errors: String

        var all: String { text + errors }
    }

    /// Runs one to its end.
    static func run(_ name: String, _ arguments: [String], environment: [String: String] = [:]) async throws -> Outcome {
        try await run(path: "\(directory)/\(name)", arguments, environment: environment)
    }

    /// Runs any program to its end; one without a slash is looked for in `PATH`.
    static func run(path: String, _ arguments: [String], environment: [String: String] = [:]) async throws -> Outcome {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let process = try ChildProcess(
            path, arguments, environment: environment, output: folder.file("out"), errors: folder.file("err"))
        let code = await process.ended()
        return Outcome(code: code, text: try folder.text("out"), errors: try folder.text("err"))
    }
}
