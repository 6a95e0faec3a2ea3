package import Commerce

/// What a file wants of one unit.
///
/// A file says only what its columns say, so most changes amend the value that is
/// live instead of replacing it: a Shopify file cannot hold a video, and importing
/// one must not take the videos away.
package enum UnitChange: Hashable, Sendable {
    /// The whole value.
    case replace(JSON)
    /// These members; members not named stay as they are.
    case members([Member])
    /// These options at least: new values go to the end, other names replace all.
    case options([Choice])
    /// These images in this order; media of other kinds stay.
    case images([Image])
    /// This image first; nil: not the one that is first now.
    case cover(url: String?)
    /// No value at all.
    case clear

    package struct Member: Hashable, Sendable {
        package let name: String
        /// Nil takes the member away.
        package let value: JSON?
        /// Counts for entities the file makes; one that exists keeps what it has.
        package let onlyWhenNew: Bool

        package init(_ name: String, _ value: JSON?, onlyWhenNew: Bool = false) {
            self.name = name
            self.value = value
            self.onlyWhenNew = onlyWhenNew
        }
    }

    package struct Choice: Hashable, Sendable {
        package let name: String
        package var values: [String]

        package init(name: String, values: [String]) {
            self.name = name
            self.values = values
        }
    }

    package struct Image: Hashable, Sendable {
        package let url: String
        /// Nil when the file says nothing about it.
        package let alt: String?

        package init(url: String, alt: String?) {
            self.url = url
            self.alt = alt
        }
    }
}
