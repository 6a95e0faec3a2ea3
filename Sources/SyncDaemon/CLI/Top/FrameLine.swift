/// One line of a full-screen view, in pieces that look different.
struct FrameLine: Hashable, Sendable {
    enum Look: Hashable, Sendable { case plain, strong, faint, good, warning, bad, chosen }

    struct Piece: Hashable, Sendable {
        var text: String
        var look: Look
    }

    private(set) var pieces: [Piece]

    init(_ text: String = "", _ look: Look = .plain) { pieces = text.isEmpty ? [] : [Piece(text: text, look: look)] }

    static func + (line: FrameLine, other: FrameLine) -> FrameLine {
        var line = line
        line.pieces += other.pieces
        return line
    }

    var text: String { pieces.map(\.text).joined() }
    var width: Int { pieces.reduce(0) { $0 + DisplayWidth.of($1.text) } }

    /// The line in at most `width` columns, cut with ….
    func cut(to width: Int) -> FrameLine {
        guard self.width > width else { return self }
        var line = FrameLine()
        var left = width
        for piece in pieces where left > 0 {
            let text = DisplayWidth.truncated(piece.text, left)
            line.pieces.append(Piece(text: text, look: piece.look))
            left = text == piece.text ? left - DisplayWidth.of(text) : 0
        }
        return line
    }

    /// The line with its other half at the right edge, where there is room for both.
    func filled(with right: FrameLine, to width: Int) -> FrameLine {
        let blanks = width - self.width - right.width
        guard blanks > 0 else { return cut(to: width) }
        return self + FrameLine(String(repeating: " ", count: blanks)) + right
    }

    /// The line as a terminal takes it.
    ///
    /// - Parameter coloured: Without colours, strong and reversed text still tell what matters.
    func escaped(coloured: Bool) -> String {
        pieces.map { piece in
            guard let code = FrameLine.code(piece.look, coloured) else { return piece.text }
            return "\u{1b}[\(code)m\(piece.text)\u{1b}[0m"
        }.joined()
    }

    private static func code(_ look: Look, _ coloured: Bool) -> String? {
        switch look {
        case .plain: nil
        case .strong: "1"
        case .faint: "2"
        case .good: coloured ? "32" : nil
        case .warning: coloured ? "33" : "1"
        case .bad: coloured ? "1;31" : "1"
        case .chosen: "7"
        }
    }
}
