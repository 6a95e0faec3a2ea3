/// Which elements and attributes of HTML a catalog text may keep.
enum MarkupRules {
    /// Element to the attributes it keeps.
    static let allowed: [String: Set<String>] = {
        var table: [String: Set<String>] = [:]
        let plain =
            "p br hr b strong i em u s del ins sub sup small mark ul li dl dt dd h1 h2 h3 h4 h5 h6 "
            + "blockquote pre code div span figure figcaption table caption thead tbody tfoot tr"
        for name in plain.split(separator: " ") { table[String(name)] = [] }
        table["a"] = ["href", "title"]
        table["img"] = ["src", "alt", "title", "width", "height"]
        table["ol"] = ["start"]
        table["td"] = ["colspan", "rowspan"]
        table["th"] = ["colspan", "rowspan"]
        return table
    }()

    static let void: Set<String> = ["br", "hr", "img"]

    /// A second one inside the first means the first was left unclosed.
    static let selfClosing: Set<String> = ["p", "li", "dt", "dd", "tr", "td", "th"]

    /// Removed together with what they contain.
    static let dropped: Set<String> = [
        "script", "style", "iframe", "noscript", "noframes", "noembed", "object", "embed", "applet", "template",
        "svg", "math", "textarea", "title", "xmp", "plaintext", "select", "audio", "video", "canvas", "frameset",
    ]

    /// Dropped elements that have no content and no end tag.
    static let droppedVoid: Set<String> = ["embed"]
}
