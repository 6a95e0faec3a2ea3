import Glibc

/// The terminal while a full-screen view has it.
///
/// Draws only the lines that changed, each in place, so that nothing flickers. Whoever enters
/// leaves again, on every way out: then the terminal is as it was, with its old text.
final class Screen {
    private var saved = termios()
    private var isEntered = false
    private var shown: [FrameLine] = []
    private let isColoured: Bool

    init() {
        // https://no-color.org: set and not empty means no colours.
        isColoured = Terminal.environment("NO_COLOR")?.isEmpty ?? true
    }

    deinit { leave() }

    static var isPossible: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

    /// Columns and rows; 80 by 24 where the terminal does not say.
    static var size: (width: Int, height: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    func enter() {
        guard !isEntered, tcgetattr(STDIN_FILENO, &saved) == 0 else { return }
        isEntered = true
        var raw = saved
        // Keys come one by one and unseen; signals of the keyboard stay signals.
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO | IEXTEN)
        raw.c_iflag &= ~tcflag_t(IXON)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw)
        // The other screen, without a cursor and without wrapping long lines.
        write("\u{1b}[?1049h\u{1b}[?25l\u{1b}[?7l\u{1b}[2J")
        shown = []
    }

    func leave() {
        guard isEntered else { return }
        isEntered = false
        write("\u{1b}[?7h\u{1b}[?25h\u{1b}[?1049l")
        tcsetattr(STDIN_FILENO, TCSADRAIN, &saved)
    }

    /// - Parameter anew: Draws every line, for a terminal whose content is not ours any more.
    func draw(_ lines: [FrameLine], anew: Bool = false) {
        guard isEntered else { return }
        var text = ""
        if anew || lines.count != shown.count {
            text += "\u{1b}[2J"
            shown = []
        }
        for (index, line) in lines.enumerated() where index >= shown.count || shown[index] != line {
            text += "\u{1b}[\(index + 1);1H\(line.escaped(coloured: isColoured))\u{1b}[K"
        }
        shown = lines
        if !text.isEmpty { write(text) }
    }

    private func write(_ text: String) { Terminal.pass(Array(text.utf8)[...]) }
}
