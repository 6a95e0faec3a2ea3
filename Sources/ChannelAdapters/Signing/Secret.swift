/// A text that must not be seen: prints `<secret>` wherever it is printed.
///
/// The daemon takes it from a file or a credential, never from an argument or the environment.
package struct Secret: Hashable, Sendable {
    /// The text itself, for the one who signs or sends it and for nobody else.
    package let revealed: String

    /// White space around the text is dropped: files end in a newline.
    package init(_ text: String) {
        var bare = text[...]
        while let last = bare.last, last.isWhitespace { bare.removeLast() }
        revealed = String(bare.drop(while: \.isWhitespace))
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<secret>" }
    package var debugDescription: String { "<secret>" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
