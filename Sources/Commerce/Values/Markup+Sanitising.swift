extension Markup {
    /// The HTML with everything removed that could run, load or lay out what it should not.
    ///
    /// Keeps an allow-list of elements and attributes; other tags go and their text
    /// stays; scripts, styles and frames go with their content. What is left is
    /// balanced, so it cannot close an element of the page it is put into. Takes time
    /// linear in its input, and applying it to its own result changes nothing.
    package static func sanitised(_ html: String) -> String {
        let isPlain = html.utf8.allSatisfy { $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: "&") }
        guard !isPlain else { return html }
        var sanitiser = MarkupSanitiser(ContiguousArray(html.utf8))
        return sanitiser.run()
    }
}
