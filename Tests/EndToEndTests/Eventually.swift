import Foundation

/// What did not come about, however long one waited.
struct Overdue: Error, CustomStringConvertible { let description: String }

/// Waits until there is an answer; gives up after two minutes, which no machine needs, however loaded.
@discardableResult
func eventually<Answer>(_ what: String, _ answer: () async throws -> Answer?) async throws -> Answer {
    let deadline = ContinuousClock.now + .seconds(120)
    while true {
        if let answer = try await answer() { return answer }
        guard ContinuousClock.now < deadline else { throw Overdue(description: "never happened: \(what)") }
        try await Task.sleep(for: .milliseconds(40))
    }
}
