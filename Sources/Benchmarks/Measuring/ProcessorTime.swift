import Foundation

/// What work takes of a core, whoever else wants one meanwhile.
enum ProcessorTime {
    /// Processor seconds `body` takes on this thread, which it must not leave.
    static func seconds(_ body: () throws -> Void) throws -> Double {
        let start = try nanoseconds()
        try body()
        return Double(try nanoseconds() - start) / 1e9
    }

    private static func nanoseconds() throws -> UInt64 {
        // Time on the processor, time waiting for it, and how often it got it.
        let text = try String(contentsOfFile: "/proc/thread-self/schedstat", encoding: .utf8)
        guard let first = text.split(separator: " ").first, let nanoseconds = UInt64(first) else {
            throw MeasuringFailed(description: "this kernel does not say how long a thread ran")
        }
        return nanoseconds
    }
}
