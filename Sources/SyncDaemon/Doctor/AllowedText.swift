/// What of a free text may leave the host: words of a list, and short numbers.
///
/// A text from outside can hold anything, so nothing is looked for and struck out;
/// what is not on the list does not pass.
enum AllowedText {
    static let other = "…"

    /// A version, a machine, a name of the system: letters, digits and `._+-`, with a dot or letter among them.
    static func word(_ text: String) -> String {
        let fits = text.utf8.count <= 64 && text.contains { $0.isLetter }
            && text.unicodeScalars.allSatisfy { $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "._+-".unicodeScalars.contains($0)) }
        return fits ? text : other
    }

    /// Keeps the words we use ourselves and numbers of up to five digits; the rest becomes one `…`.
    static func reduced(_ text: String) -> String {
        var words: [String] = []
        for piece in text.lowercased().split(whereSeparator: { $0 == " " || $0 == "\n" || $0 == "\t" }) {
            let bare = piece.trimmingPrefix { !$0.isLetter && !$0.isNumber }
            let word = String(String(bare.reversed()).trimmingPrefix { !$0.isLetter && !$0.isNumber }.reversed())
            let isNumber = !word.isEmpty && word.utf8.count <= 5 && word.utf8.allSatisfy { (0x30...0x39).contains($0) }
            if isNumber || known.contains(word) { words.append(word) } else if words.last != other { words.append(other) }
        }
        return words.joined(separator: " ")
    }

    private static let known: Set<String> = Set(
        """
        a abruptly accepted address after again all an and answer answered answers applied are as asked at attempt attempts authorised
        authorized away back backlog bad be because before began being body breaker broke broken but by bytes call callback callbacks
        cannot certificate change changed changes channel closed code configuration conflict connect connected connecting connection
        connections could count credential cursor database dead deadline deleted deletion deletions denied did directory disk does
        dropped edited empty end ended entities entity error every exceeded exception expired failed failure feed file files forbidden
        found from full gave generation given gone had half halted handshake has have header here host http https in inbox incomplete
        interrupted into invalid is it its items json key keys known landed large later lagging limit limited live local locked long lost
        malformed may memory message milliseconds missing more ms name needs network new no none not nothing observed of off old on
        once one only open operation or other out outcome page pages parse password path paused peer permission permitted port problem
        protocol pull pulled push pushed queue quota rate reached read readable reason received refused refuses rejected remote removed
        request requests reset resolve resolved restart resumed resync retired retry retrying route row rows s schema seconds secret sent
        server set sent shop side signature size slow snapshot so socket space ssl stale started state status still stopped store stored
        such that the there they this throttled time timed timeout times tls to too tried twice type unauthorised unauthorized unexpected
        unit units unknown unreachable unreadable until usable used user verification verify version wait waiting waits was were what when
        while will with within without write writes written wrong yet
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
