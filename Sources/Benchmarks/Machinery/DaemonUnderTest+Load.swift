import Commerce
import Foundation

extension DaemonUnderTest {
    /// Has another process ask it from many connections for so long; nothing may be refused.
    ///
    /// - Parameter port: nil for the public one.
    func load(_ arguments: [String], port: Int? = nil, connections: Int = 64, seconds: Int) throws -> Sample {
        let text = try ChildProcess.run(
            program,
            [
                "bench-load", "--port", "\(port ?? publicPort)", "--connections", "\(connections)", "--seconds", "\(seconds)", "--secret-file",
                "\(home)/secret",
            ] + arguments)
        let report = try JSON.parse(Array(text.trimmingCharacters(in: .whitespacesAndNewlines).utf8))
        func number(_ name: String) -> Double {
            report[name].flatMap { $0.integer.map { Double($0) } ?? Double($0.text) } ?? 0
        }
        try require(number("refused") == 0, "\(number("refused")) requests were refused")
        return Sample(number("answered") / number("seconds"), p50: number("p50_ms"), p99: number("p99_ms"), memory: memoryPeak)
    }
}
