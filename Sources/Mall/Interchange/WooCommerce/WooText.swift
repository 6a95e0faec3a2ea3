/// Line ends of descriptions, which WooCommerce writes as the two characters `\n`.
enum WooText {
    static func read(_ text: String) -> String {
        guard text.contains("\\") else { return text }
        return text.split(separator: "\\\\n", omittingEmptySubsequences: false)
            .map { $0.split(separator: "\\n", omittingEmptySubsequences: false).joined(separator: "\n") }
            .joined(separator: "\\n")
    }

    static func written(_ text: String) -> String {
        var output = ""
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            switch (scalar, previous) {
            case ("n", "\\"): output += "\\n"
            // After a backslash the two characters would read as an escaped one.
            case ("\n", _) where previous != "\\": output += "\\n"
            default: output.unicodeScalars.append(scalar)
            }
            previous = scalar
        }
        return output
    }
}
