import ArgumentParser

/// Which part of a long list.
struct PageOptions: ParsableArguments {
    @Option(name: .long, help: "At most this many rows.")
    var limit = 50

    @Option(name: .long, help: "Go on after the row this cursor names.")
    var after: String?

    var query: [(String, String?)] { [("limit", String(limit)), ("after", after)] }

    func validate() throws {
        guard (1...200).contains(limit) else { throw ValidationError("--limit must be 1…200, got \(limit)") }
    }
}
