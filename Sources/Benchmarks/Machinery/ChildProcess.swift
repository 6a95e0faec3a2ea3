import Foundation

/// Another program, started and ended by a trial.
final class ChildProcess {
    let process: Process
    private let output: Pipe?

    var id: Int32 { process.processIdentifier }

    init(_ program: String, _ arguments: [String], environment: [String: String] = [:], readsOutput: Bool = false, quiet: Bool = false) throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, ours in ours }
        process.standardInput = FileHandle.nullDevice
        output = readsOutput ? Pipe() : nil
        process.standardOutput = output ?? FileHandle.nullDevice
        if quiet { process.standardError = FileHandle.nullDevice }
        // Threads of the pool let no signal through, and a program started from one would be deaf to them.
        var (none, held) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &held)
        defer { pthread_sigmask(SIG_SETMASK, &held, nil) }
        try process.run()
        Children.shared.add(process.processIdentifier)
    }

    /// The next line it writes, without waiting for its end.
    func line() throws -> String {
        var bytes: [UInt8] = []
        while let handle = output?.fileHandleForReading, let byte = handle.readData(ofLength: 1).first {
            if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        throw MeasuringFailed(description: "\(process.executableURL?.lastPathComponent ?? "a program") ended before it answered")
    }

    /// All it writes until its end, however it ends.
    func text() throws -> String {
        let bytes = output?.fileHandleForReading.readDataToEndOfFile() ?? Data()
        wait()
        return String(decoding: bytes, as: UTF8.self)
    }

    /// All it writes until it ends well.
    func finished() throws -> String {
        let text = try text()
        try require(
            process.terminationStatus == 0,
            "\(process.executableURL?.lastPathComponent ?? "a program") ended with \(process.terminationStatus): \(text.suffix(400))")
        return text
    }

    func end(_ signal: Int32 = SIGTERM) {
        if process.isRunning { Foundation.kill(id, signal) }
        wait()
    }

    private func wait() {
        process.waitUntilExit()
        Children.shared.remove(id)
    }

    func kill() {
        Foundation.kill(id, SIGKILL)
        wait()
    }

    /// Runs a program to its end and returns what it wrote.
    @discardableResult
    static func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws -> String {
        try ChildProcess(program, arguments, environment: environment, readsOutput: true).finished()
    }

    /// Where a program is, by `PATH`; nil when it is not installed.
    static func find(_ name: String, besides directories: [String] = []) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return (directories + path.split(separator: ":").map(String.init)).map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
