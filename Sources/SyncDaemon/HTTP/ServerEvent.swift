/// One event of a `text/event-stream`.
struct ServerEvent: Hashable, Sendable {
    let id: String?
    let name: String
    let text: String

    /// Line breaks in the text become several data lines; in id and name they cannot be.
    var bytes: [UInt8] {
        var output = ""
        if let id { output += "id: \(ServerEvent.oneLine(id))\n" }
        output += "event: \(ServerEvent.oneLine(name))\n"
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) { output += "data: \(line)\n" }
        return Array((output + "\n").utf8)
    }

    private static func oneLine(_ text: String) -> String { String(text.filter { !$0.isNewline && $0 != "\0" }) }

    static let heartbeat = Array(": still here\n\n".utf8)
}
