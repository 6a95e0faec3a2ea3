/// What of a free text may leave the host: words of a list, and short numbers.
///
/// A text from outside can hold anything, so nothing is looked for and struck out;
/// what is not on the list does not pass.
enum AllowedText {
    static let other = "…"

    /// A version, a machine, a random name: letters, digits and `._+-`, with a letter or a dot among them.
    static func word(_ text: String) -> String {
        let fits = (1...64).contains(text.utf8.count) && text.utf8.allSatisfy { isWordByte($0) }
            && text.utf8.contains { isLetter($0) || $0 == UInt8(ascii: ".") }
        return fits ? text : other
    }

    /// A stable word for what happened: `channel.pause`, `push_failed`.
    static func code(_ text: String) -> String {
        let fits = (1...40).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") }
        return fits ? text : other
    }

    /// Keeps the words we use ourselves, names that `names` allows, and numbers of up to five digits;
    /// whatever lies between becomes one `…`.
    static func reduced(_ text: String, names: Set<String> = []) -> String {
        var words: [String] = []
        for piece in text.split(whereSeparator: { $0.isWhitespace }) {
            let word = bare(piece)
            let isNumber = (1...5).contains(word.utf8.count) && word.utf8.allSatisfy { (0x30...0x39).contains($0) }
            if isNumber || names.contains(word) || known.contains(word.lowercased()) {
                words.append(word)
            } else if words.last != other {
                words.append(other)
            }
        }
        return words.joined(separator: " ")
    }

    /// Without the marks around it.
    private static func bare(_ piece: Substring) -> String {
        var word = piece.drop { !$0.isLetter && !$0.isNumber }
        while let last = word.last, !last.isLetter, !last.isNumber { word.removeLast() }
        return String(word)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) }
    private static func isWordByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || (0x30...0x39).contains(byte) || "._+-".utf8.contains(byte)
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
        machine malformed may memory mode message milliseconds missing more ms name needs network new no none not nothing observed of off old on
        once one only open operation or other out outcome page pages parse password path paused peer permission permitted port problem
        protocol pull pulled push pushed queue quota rate reached read readable reason received refused refuses rejected remote removed
        request requests reset resolve resolved restart resumed resync retired retry retrying route row rows s schema seconds secret sent
        server set sent shop side signature size slow snapshot so socket space ssl stale started state status still stopped store stored
        such that the there they this throttled time timed timeout times tls to too tried twice type unauthorised unauthorized unexpected
        unit units unknown unreachable unreadable until usable used user verification verify version wait waiting waits was were what when
        while will with within without write writes written wrong yet ahead behind clock differ differs given host holds ours oldest open operators others rule broken places
        breaker's token ends looked schema migration began restore under copied exchanged daemon running process listener
        process takes effect start older files descriptors left mib gib kib older backup never made restored everybody
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
