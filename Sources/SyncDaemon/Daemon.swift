/// Wires the rooms together. Each entry answers the process's exit code.
enum Daemon {
    /// Serves until a signal ends it; `source` is read again at a reload.
    static func run(_ configuration: Configuration, source: ConfigurationSource) async throws -> Int32 {
        notWired("serve")
    }

    static func demo(once: Bool, seed: UInt64, directory: String?) async throws -> Int32 {
        notWired("demo")
    }

    static func restore(from backup: String, into configuration: Configuration, json: Bool) async throws -> Int32 {
        notWired("restore")
    }

    private static func notWired(_ command: String) -> Int32 {
        Terminal.say("heyi: \(command) is not wired yet")
        return ExitStatus.bug.rawValue
    }
}
