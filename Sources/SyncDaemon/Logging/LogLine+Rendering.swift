import Commerce
import Logging

extension LogLine {
    /// The line as it is written, without its line break.
    ///
    /// Whatever a stranger may have put into a message or a field cannot begin a new
    /// line, move a terminal's cursor or turn the direction of writing around.
    func rendered(_ format: LogFormat, colour: Bool = false) -> String {
        switch format {
        case .json: json.text
        case .journal: "<\(priority)>\(pairs)"
        case .auto, .text: text(colour: colour)
        }
    }

    /// What the API and `heyi log --json` show.
    var json: JSON {
        var object = JSONObject()
        for field in fields { object[field.name] = .string(PlainText.escaped(field.value)) }
        object["time"] = .string(UTC.text(time))
        object["level"] = .string(level.rawValue)
        object["msg"] = .string(PlainText.escaped(message))
        object["evt"] = event.map { .string(PlainText.escaped($0)) }
        return .object(object)
    }

    private var pairs: String {
        var words = event.map { ["evt=\(PlainText.quoted($0))"] } ?? []
        words += fields.map { "\(PlainText.key($0.name))=\(PlainText.quoted($0.value))" }
        words.append("msg=\(PlainText.quoted(message))")
        return words.joined(separator: " ")
    }

    private func text(colour: Bool) -> String {
        let clock = UTC.text(time).dropFirst(11).dropLast()
        let word = level == .warning ? "WARN" : level.rawValue.uppercased().prefix(5)
        let padded = word + String(repeating: " ", count: 5 - word.count)
        let shade = level >= .error ? "31" : level == .warning ? "33" : level <= .debug ? "2" : "36"
        let mark = colour ? "\u{1b}[\(shade)m\(padded)\u{1b}[0m" : String(padded)
        let tail = (event.map { ["evt=\(PlainText.quoted($0))"] } ?? [])
            + fields.map { "\(PlainText.key($0.name))=\(PlainText.quoted($0.value))" }
        let details = tail.isEmpty ? "" : colour ? "  \u{1b}[2m\(tail.joined(separator: " "))\u{1b}[0m" : "  " + tail.joined(separator: " ")
        return "\(clock) \(mark) \(PlainText.escaped(message))\(details)"
    }

    /// The priority numbers of syslog.
    private var priority: Int {
        switch level {
        case .critical: 2
        case .error: 3
        case .warning: 4
        case .notice: 5
        case .info: 6
        case .debug, .trace: 7
        }
    }
}

/// Text from outside, made harmless for logs and terminals.
enum PlainText {
    /// Control characters, line separators and direction overrides become `\u{…}`.
    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isDangerous) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where isDangerous(scalar): result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A value of logfmt: bare when it is one word, otherwise in quotes.
    static func quoted(_ text: String) -> String {
        let safe = escaped(text)
        let bare = !safe.isEmpty && safe == text && !safe.contains { $0 == " " || $0 == "\"" || $0 == "=" || $0 == "\\" }
        if bare { return safe }
        return "\"" + safe.replacing("\"", with: "\\\"") + "\""
    }

    static func key(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") ? $0 : "_" })
    }

    private static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f..<0xa0, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
        default: false
        }
    }
}
